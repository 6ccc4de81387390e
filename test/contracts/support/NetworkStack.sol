// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {IMLDSAVerifier} from "../../../contracts/interfaces/IMLDSAVerifier.sol";
import {ISLHDSAVerifier} from "../../../contracts/interfaces/ISLHDSAVerifier.sol";
import {INodeSlashing} from "../../../contracts/interfaces/INodeSlashing.sol";
import {INodeStaking} from "../../../contracts/interfaces/INodeStaking.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {AdmittedIdentities} from "../../../contracts/AdmittedIdentities.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {NodeRewardsDouble} from "../../../contracts/mocks/NodeRewardsDouble.sol";
import {AbsenceDouble} from "../../../contracts/mocks/AbsenceDouble.sol";
import {NodeDelegation} from "../../../contracts/NodeDelegation.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodeSlashing} from "../../../contracts/NodeSlashing.sol";
import {NodeStaking} from "../../../contracts/NodeStaking.sol";
import {QuadraticVotes} from "../../../contracts/QuadraticVotes.sol";
import {RelayerCommittee} from "../../../contracts/RelayerCommittee.sol";
import {SlashProposals} from "../../../contracts/SlashProposals.sol";
import {SolidityTest} from "./SolidityTest.sol";

/// @notice The core contracts with this test as deployer, timelock and holder of 40 % of the supply.
abstract contract NetworkStack is SolidityTest {
    uint64 internal constant EPOCH_LENGTH = 10;
    uint64 internal constant GENESIS = 1_000_000;
    uint256 internal constant MIN_STAKE = 10_000e18;
    uint256 internal constant MIN_BOND = 100_000e18;
    uint256 internal constant UNBONDING_PERIOD = 120;
    uint256 internal constant VETO_PERIOD = 30;
    uint256 internal constant RELEASE_DELAY = 120;
    uint256 internal constant RESIGN_NOTICE = 60;
    uint64 internal constant DOWNTIME_WINDOW = 8;
    uint256 internal constant PROPOSAL_BOND = 1_000e18;
    uint256 internal constant VOTE_CAP = 1_000_000e18;
    uint256 internal constant VOTE_AGE_RAMP = 100;
    uint256 internal constant VOTE_UNLOCK_DELAY = 60;
    uint256 internal constant VOTE_SYNC_REWARD = 1e18;
    uint256 internal constant VOTING_DELAY = 20;
    uint256 internal constant VOTING_PERIOD = 60;
    uint256 internal constant LATE_VOTE_EXTENSION = 20;
    uint256 internal constant GUARDIAN_TERM = 400;

    MeshToken internal _token;
    NetworkParameters internal _parameters;
    NodeRegistry internal _registry;
    NodeStaking internal _staking;
    RelayerCommittee internal _committee;
    NodeRewardsDouble internal _rewards;
    AbsenceDouble internal _uptimes;
    NodeSlashing internal _slashing;
    NodeDelegation internal _delegation;
    SlashProposals internal _proposals;
    AdmittedIdentities internal _gate;
    QuadraticVotes internal _votes;

    function _deployStack() internal {
        CHEATS.warp(GENESIS);
        _token = new MeshToken(address(this), address(0xA1), address(0xA2), address(0xA3));
        _parameters = new NetworkParameters(address(this), _rows(), new INetworkParameters.Ordering[](0));
        _registry = new NodeRegistry(
            _parameters,
            ISLHDSAVerifier(address(0xDEAD)),
            IMLDSAVerifier(address(0xDEAD)),
            _deployCertificates(),
            GENESIS,
            EPOCH_LENGTH
        );
        _committee = new RelayerCommittee(_token, _parameters, address(this), GENESIS, EPOCH_LENGTH);
        _rewards = new NodeRewardsDouble(GENESIS, EPOCH_LENGTH);
        _uptimes = new AbsenceDouble(GENESIS, EPOCH_LENGTH);
        _deployStaking();
    }

    /// @dev The certificate registry of the stack: none.
    function _deployCertificates() internal virtual returns (address) {
        return address(0);
    }

    function _deployStaking() private {
        INodeSlashing.Links memory links = INodeSlashing.Links({
            token: address(_token),
            registry: address(_registry),
            parameters: address(_parameters),
            bridge: address(_uptimes),
            rewards: address(_rewards),
            timelock: address(this)
        });
        _slashing = new NodeSlashing(links, DOWNTIME_WINDOW);
        _delegation = new NodeDelegation(_token, _registry, _parameters, address(_rewards), address(_slashing));
        _gate = new AdmittedIdentities(_registry, address(this));
        _votes = new QuadraticVotes(_token, _parameters, _gate, address(this));
        _staking = new NodeStaking(
            INodeStaking.Links({
                token: address(_token),
                registry: address(_registry),
                parameters: address(_parameters),
                rewards: address(_rewards),
                delegation: address(_delegation),
                slashing: address(_slashing),
                votes: address(_votes)
            })
        );
        _proposals = new SlashProposals(_token, _parameters, _slashing, GENESIS, EPOCH_LENGTH);
        _registry.bindStaking(address(_staking));
        _slashing.bindStaking(address(_staking));
        _delegation.bindStaking(address(_staking));
        _votes.bindStaking(address(_staking));
    }

    /// @dev Returns bytes of the right length for a raw ML-DSA-65 key, different for every seed.
    function _key(uint256 seed) internal pure returns (bytes memory key) {
        key = new bytes(1952);
        bytes32 word = keccak256(abi.encode(seed));
        for (uint256 i = 32; i <= key.length; i += 32) {
            assembly ("memory-safe") {
                mstore(add(key, i), xor(word, i))
            }
        }
    }

    function _rows() private pure returns (INetworkParameters.Parameter[] memory rows) {
        rows = new INetworkParameters.Parameter[](42);
        rows[0] = _row(ParameterIds.MIN_NODE_STAKE, MIN_STAKE, 1_000_000e18);
        rows[1] = _row(ParameterIds.UNBONDING_PERIOD, UNBONDING_PERIOD, 1_000_000);
        rows[2] = _row(ParameterIds.MIN_STAKE_GRACE, 1, 64);
        rows[3] = _row(ParameterIds.OWNER_CHANGE_DELAY, 30, 1_000_000);
        rows[4] = _row(ParameterIds.BENEFICIARY_CHANGE_DELAY, 30, 1_000_000);
        rows[5] = _row(ParameterIds.COMMITTEE_MIN_SEATS, 1, 100);
        rows[6] = _row(ParameterIds.COMMITTEE_MAX_SEATS, 100, 100);
        rows[7] = _row(ParameterIds.COMMITTEE_BOND, MIN_BOND, 1_000_000e18);
        rows[8] = _row(ParameterIds.COMMITTEE_RELEASE_DELAY, RELEASE_DELAY, 1_000_000);
        rows[9] = _row(ParameterIds.COMMITTEE_RESIGN_NOTICE, RESIGN_NOTICE, 1_000_000);
        rows[10] = _row(ParameterIds.VETO_PERIOD, VETO_PERIOD, 1_000_000);
        rows[11] = _row(ParameterIds.SLASH_ECDSA_BP, 200, 500);
        rows[12] = _row(ParameterIds.SLASH_PROVEN_BP, 5_000, 10_000);
        rows[13] = _row(ParameterIds.SLASH_REPORTER_BP, 1_000, 2_000);
        rows[14] = _row(ParameterIds.CHALLENGE_BOND_MULTIPLE, 2, 100);
        rows[15] = _row(ParameterIds.CHALLENGE_GAS_PRICE, 1 gwei, 1_000 gwei);
        rows[16] = _row(ParameterIds.MAX_OPEN_CHALLENGES, 2, 1_024);
        rows[17] = _row(ParameterIds.DISPUTE_PERIOD, 20, 1_000);
        rows[18] = _row(ParameterIds.SLASH_BUFFER, 10, 1_000);
        rows[19] = _row(ParameterIds.MAX_COMMISSION_BP, 3_000, 10_000);
        rows[20] = _row(ParameterIds.COMMISSION_RAISE_DELAY, 60, 1_000_000);
        rows[21] = _row(ParameterIds.SLASH_DOWNTIME_BP, 100, 100);
        rows[22] = _row(ParameterIds.DOWNTIME_MAX_ABSENT_BP, 5_000, 9_500);
        rows[23] = _row(ParameterIds.JAIL_PERIOD, 60, 1_000_000);
        rows[24] = _row(ParameterIds.SLASH_PROPOSED_MAX_BP, 10_000, 10_000);
        rows[25] = _row(ParameterIds.SLASH_PROPOSAL_BOND, PROPOSAL_BOND, 1_000_000e18);
        rows[26] = _row(ParameterIds.SLASH_EPOCH_CEILING, 50_000e18, 100_000_000e18);
        rows[27] = _row(ParameterIds.COMMITTEE_JOIN_DELAY, 30, 1_000_000);
        rows[28] = _row(ParameterIds.COMMITTEE_REGION_BP, 4_000, 10_000);
        rows[29] = _row(ParameterIds.VOTE_CAP, VOTE_CAP, 1_000_000_000e18);
        rows[30] = _row(ParameterIds.VOTE_AGE_RAMP, VOTE_AGE_RAMP, 1_000_000);
        rows[31] = _row(ParameterIds.VOTE_UNLOCK_DELAY, VOTE_UNLOCK_DELAY, 1_000_000);
        rows[32] = _row(ParameterIds.VOTE_SYNC_REWARD, VOTE_SYNC_REWARD, 100e18);
        rows[33] = _row(ParameterIds.VOTING_DELAY, VOTING_DELAY, 1_000);
        rows[34] = _row(ParameterIds.VOTING_PERIOD, VOTING_PERIOD, 1_000);
        rows[35] = _row(ParameterIds.LATE_VOTE_EXTENSION, LATE_VOTE_EXTENSION, 1_000);
        rows[36] = _row(ParameterIds.PROPOSAL_THRESHOLD, 1e9, 10_000e9);
        rows[37] = _row(ParameterIds.PROPOSAL_BOND, PROPOSAL_BOND, 1_000_000e18);
        rows[38] = _row(ParameterIds.QUORUM_BP, 5_000, 10_000);
        rows[39] = _row(ParameterIds.VETO_QUORUM_BP, 2_000, 10_000);
        rows[40] = _row(ParameterIds.TOKEN_VETO_BP, 1_000, 10_000);
        rows[41] = _row(ParameterIds.GUARDIAN_TERM, GUARDIAN_TERM, 100_000);
    }

    function _row(bytes32 id, uint256 value, uint256 max) private pure returns (INetworkParameters.Parameter memory) {
        return
            INetworkParameters.Parameter({
                id: id,
                value: value,
                pending: value,
                effectiveAt: 0,
                min: 1,
                max: max,
                notice: 20
            });
    }
}
