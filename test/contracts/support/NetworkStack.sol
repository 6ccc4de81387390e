// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {IMLDSAVerifier} from "../../../contracts/interfaces/IMLDSAVerifier.sol";
import {ISLHDSAVerifier} from "../../../contracts/interfaces/ISLHDSAVerifier.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodeStaking} from "../../../contracts/NodeStaking.sol";
import {RelayerCommittee} from "../../../contracts/RelayerCommittee.sol";
import {SolidityTest} from "./SolidityTest.sol";

/// @notice The core contracts with this test as deployer, timelock and holder of 40 % of the supply.
abstract contract NetworkStack is SolidityTest {
    uint64 internal constant EPOCH_LENGTH = 10;
    uint64 internal constant GENESIS = 1_000_000;
    uint256 internal constant MIN_STAKE = 10_000e18;
    uint256 internal constant MIN_BOND = 100_000e18;
    uint256 internal constant UNBONDING_PERIOD = 120;
    uint256 internal constant RELEASE_DELAY = 120;
    uint256 internal constant RESIGN_NOTICE = 60;

    MeshToken internal _token;
    NetworkParameters internal _parameters;
    NodeRegistry internal _registry;
    NodeStaking internal _staking;
    RelayerCommittee internal _committee;

    function _deployStack() internal {
        CHEATS.warp(GENESIS);
        _token = new MeshToken(address(this), address(0xA1), address(0xA2), address(0xA3));
        _parameters = new NetworkParameters(address(this), _rows(), new INetworkParameters.Ordering[](0));
        _registry = new NodeRegistry(
            _parameters,
            ISLHDSAVerifier(address(0xDEAD)),
            IMLDSAVerifier(address(0xDEAD)),
            GENESIS,
            EPOCH_LENGTH
        );
        _staking = new NodeStaking(_token, _registry, _parameters);
        _registry.bindStaking(address(_staking));
        _committee = new RelayerCommittee(_token, _parameters, address(this), GENESIS, EPOCH_LENGTH);
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
        rows = new INetworkParameters.Parameter[](17);
        rows[0] = _row(ParameterIds.MIN_NODE_STAKE, MIN_STAKE, 1_000_000e18);
        rows[1] = _row(ParameterIds.UNBONDING_PERIOD, UNBONDING_PERIOD, 1_000_000);
        rows[2] = _row(ParameterIds.MAX_UNBONDINGS, 8, 64);
        rows[3] = _row(ParameterIds.OWNER_CHANGE_DELAY, 30, 1_000_000);
        rows[4] = _row(ParameterIds.BENEFICIARY_CHANGE_DELAY, 30, 1_000_000);
        rows[5] = _row(ParameterIds.COMMITTEE_MIN_SEATS, 1, 100);
        rows[6] = _row(ParameterIds.COMMITTEE_MAX_SEATS, 100, 100);
        rows[7] = _row(ParameterIds.COMMITTEE_BOND, MIN_BOND, 1_000_000e18);
        rows[8] = _row(ParameterIds.COMMITTEE_RELEASE_DELAY, RELEASE_DELAY, 1_000_000);
        rows[9] = _row(ParameterIds.COMMITTEE_RESIGN_NOTICE, RESIGN_NOTICE, 1_000_000);
        rows[10] = _row(ParameterIds.VETO_PERIOD, 30, 1_000_000);
        rows[11] = _row(ParameterIds.SLASH_ECDSA_BP, 200, 500);
        rows[12] = _row(ParameterIds.SLASH_PROVEN_BP, 5_000, 10_000);
        rows[13] = _row(ParameterIds.SLASH_REPORTER_BP, 1_000, 2_000);
        rows[14] = _row(ParameterIds.CHALLENGE_BOND_MULTIPLE, 2, 100);
        rows[15] = _row(ParameterIds.CHALLENGE_GAS_PRICE, 1 gwei, 1_000 gwei);
        rows[16] = _row(ParameterIds.MAX_OPEN_CHALLENGES, 2, 1_024);
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
