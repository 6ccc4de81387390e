// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {IEvidence} from "../../../../contracts/interfaces/IEvidence.sol";
import {ILeaseAgreements} from "../../../../contracts/interfaces/ILeaseAgreements.sol";
import {ILeases} from "../../../../contracts/interfaces/ILeases.sol";
import {INetworkParameters} from "../../../../contracts/interfaces/INetworkParameters.sol";
import {INodeListings} from "../../../../contracts/interfaces/INodeListings.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {LeaseAgreements} from "../../../../contracts/LeaseAgreements.sol";
import {LeaseDisputes} from "../../../../contracts/LeaseDisputes.sol";
import {LeaseEscrow} from "../../../../contracts/LeaseEscrow.sol";
import {LeaseVouchers} from "../../../../contracts/LeaseVouchers.sol";
import {ParameterIds} from "../../../../contracts/libraries/ParameterIds.sol";
import {ReportData} from "../../../../contracts/libraries/ReportData.sol";
import {ReportSummaries} from "../../../../contracts/libraries/ReportSummaries.sol";
import {ReportTree} from "../../../../contracts/libraries/ReportTree.sol";
import {StatementHash} from "../../../../contracts/libraries/StatementHash.sol";
import {EpochMarksDouble} from "../../../../contracts/mocks/EpochMarksDouble.sol";
import {NodeRegistryDouble} from "../../../../contracts/mocks/NodeRegistryDouble.sol";
import {NetworkParameters} from "../../../../contracts/NetworkParameters.sol";
import {NodeListings} from "../../../../contracts/NodeListings.sol";
import {SolidityTest} from "../../support/SolidityTest.sol";
import {HookedToken, HookWallet, MoodyToken, PlainToken, TaxedToken} from "./HostileTokens.sol";

/// @notice A registry of two nodes, each of an operator of its own, that listings and leases read.
contract MarketRegistry is NodeRegistryDouble {
    mapping(uint32 identityId => address) private _hotWallets;
    mapping(uint32 nodeIndex => bool) private _exited;

    /// @notice Returns the identity that a wallet owns, beside those of the operators.
    mapping(address wallet => uint32) public identityOf;

    constructor(uint64 genesis, uint64 length) NodeRegistryDouble(genesis, length) {}

    function setHotWallet(uint32 identityId, address wallet) external {
        _hotWallets[identityId] = wallet;
    }

    function setIdentity(address wallet, uint32 identityId) external {
        identityOf[wallet] = identityId;
    }

    /// @dev The node is active until two epochs from now, and again `epochs` later; never again when that is zero.
    function stop(uint32 node, uint64 epochs) external {
        INodeRegistry.Interval[] memory before = this.intervalsOf(node);
        uint64 until = this.currentEpoch() + 2;
        INodeRegistry.Interval memory newest = before[before.length - 1];
        if (newest.from >= until || newest.until <= until) return;
        newest.until = until;
        _exited[node] = epochs == 0;
        INodeRegistry.Interval[] memory intervals = new INodeRegistry.Interval[](before.length + (epochs == 0 ? 0 : 1));
        for (uint256 i = 0; i < before.length; ++i) intervals[i] = before[i];
        if (epochs != 0) intervals[before.length] = INodeRegistry.Interval(until + epochs, type(uint64).max);
        this.setIntervals(node, intervals);
    }

    function walletOf(uint32 node) public pure returns (address) {
        return address(uint160(0xB0 + node));
    }

    function accessOf(uint32 node, address wallet) external view returns (uint32, bool, bool, bool) {
        return (node + 1, _exited[node], false, wallet == walletOf(node));
    }

    function operatorOf(uint32 identityId) external view returns (INodeRegistry.Operator memory) {
        if (identityId == 0 || identityId > 2) return INodeRegistry.Operator(address(0), address(0), address(0), 0);
        address wallet = walletOf(identityId - 1);
        return INodeRegistry.Operator(wallet, _hotWallets[identityId], wallet, 0);
    }
}

/// @notice Makes reports that a bridge accepted, with an attestation of one node that claims all of everything.
contract ReportMaker {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function show(
        NodeListings listings,
        EpochMarksDouble bridge,
        IAttestationBridge.Attestation calldata attestation,
        bytes32[9] calldata proof
    ) external {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("PQMesh"), keccak256("1"), block.chainid, bridge)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, StatementHash.ofAttestation(attestation));
        bytes32 leaf = ReportTree.leafOf(attestation.nodeIndex, digest, 0);
        IEvidence.ReportSummary memory report;
        report.epoch = attestation.epoch;
        report.root = ReportTree.rootOf(leaf, attestation.nodeIndex, proof);
        report.signers = 1;
        bridge.setCommitment(0, report.epoch, this.commitmentOf(domain, report));
        listings.showCapacity(report, attestation, 0, proof);
    }

    function commitmentOf(bytes32 domain, IEvidence.ReportSummary calldata report) external pure returns (bytes32) {
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, ReportSummaries.structHash(report));
        return ReportData.commitmentOf(digest, report.signers, report.beacon);
    }
}

/// @notice A marketplace with hostile tokens: four listings, two of them metered, of two nodes.
abstract contract LeaseStack is SolidityTest {
    uint64 internal constant GENESIS = 1_000_000;
    uint64 internal constant EPOCH = 10;
    uint64 internal constant HORIZON = 4;
    uint64 internal constant JANITOR_FEE = 7;
    uint96 private constant WHOLE = 0x271027102710271027102710;

    MarketRegistry internal _registry;
    INetworkParameters internal _parameters;
    ReportMaker internal _reports;
    EpochMarksDouble internal _marks;
    NodeListings internal _listings;
    LeaseEscrow internal _escrow;
    LeaseDisputes internal _disputes;
    LeaseVouchers internal _vouchers;
    PlainToken[] internal _tokens;
    HookWallet[3] internal _clients;

    function _deployMarket() internal {
        CHEATS.warp(GENESIS + 1_000 * EPOCH);
        _registry = new MarketRegistry(GENESIS, EPOCH);
        _marks = new EpochMarksDouble(INodeRegistry(address(_registry)), HORIZON);
        _parameters = new NetworkParameters(address(this), _rows(), new INetworkParameters.Ordering[](0));
        INodeRegistry registry = INodeRegistry(address(_registry));
        IAttestationBridge bridge = IAttestationBridge(address(_marks));
        _listings = new NodeListings(registry, bridge, _parameters);
        LeaseAgreements agreements = new LeaseAgreements(bridge, registry, _parameters, _listings, address(this));
        _escrow = new LeaseEscrow(bridge, registry, _parameters, _listings, agreements, address(this));
        _disputes = new LeaseDisputes(_escrow, registry, _parameters, address(this));
        _vouchers = new LeaseVouchers(_escrow);
        _listings.bindEscrow(address(_escrow));
        _escrow.bind(address(_disputes), address(_vouchers));
        _tokens.push(new PlainToken());
        _tokens.push(new TaxedToken());
        _tokens.push(new HookedToken());
        _tokens.push(new MoodyToken());
        for (uint256 i = 0; i < 3; ++i) _clients[i] = new HookWallet();
        for (uint256 i = 0; i < _tokens.length; ++i) _fund(_tokens[i]);
        _listAll();
    }

    function _agreements() internal view returns (ILeaseAgreements) {
        return ILeaseAgreements(address(_escrow));
    }

    function _fund(PlainToken token) private {
        _agreements().setTokenRule(token, ILeases.TokenRule(true, JANITOR_FEE, 1));
        for (uint256 i = 0; i < 5; ++i) {
            address account = i < 3 ? address(_clients[i]) : _registry.walletOf(uint32(i - 3));
            token.mint(account, 1e30);
            CHEATS.prank(account);
            token.approve(address(_escrow), type(uint256).max);
            CHEATS.prank(account);
            token.approve(address(_disputes), type(uint256).max);
        }
    }

    function _listAll() private {
        for (uint256 i = 0; i < 3; ++i) {
            CHEATS.prank(address(_clients[i]));
            _agreements().setDeliveryKey(new bytes(1_184));
        }
        _reports = new ReportMaker();
        for (uint32 node = 0; node < 2; ++node) {
            INodeRegistry.Interval[] memory intervals = new INodeRegistry.Interval[](1);
            intervals[0] = INodeRegistry.Interval(1, type(uint64).max);
            _registry.setOperator(node, _registry.walletOf(node));
            _registry.setIntervals(node, intervals);
            IAttestationBridge.Attestation memory attestation;
            (attestation.nodeIndex, attestation.epoch, attestation.shares) = (node, 900 + node, WHOLE);
            bytes32[9] memory proof;
            _reports.show(_listings, _marks, attestation, proof);
        }
        for (uint256 i = 0; i < _tokens.length; ++i) _list(uint32(i % 2), _tokens[i], i % 2 == 1);
    }

    function _list(uint32 node, IERC20 token, bool isMetered) internal {
        INodeListings.Terms memory terms = INodeListings.Terms({
            token: token,
            price: 101,
            bondEpochs: 2,
            graceEpochs: 3,
            minEpochs: 2,
            maxEpochs: 600,
            uptimeBp: 8_000,
            maxMissedRun: 3,
            acceptEpochs: 2,
            noticeEpochs: 2,
            isMetered: isMetered
        });
        CHEATS.prank(_registry.walletOf(node));
        _listings.createListing(
            INodeListings.Supply(node, 12, 2_000, INodeListings.AssetKind.CPU, INodeListings.PrivacyLevel.FullPublic),
            terms,
            INodeListings.Description(0, 0, "")
        );
    }

    function _rows() private pure returns (INetworkParameters.Parameter[] memory rows) {
        rows = new INetworkParameters.Parameter[](5);
        rows[0] = _row(ParameterIds.LEASE_FEE_BP, 300);
        rows[1] = _row(ParameterIds.JANITOR_DELAY, 5);
        rows[2] = _row(ParameterIds.VOUCHER_WINDOW, 10);
        rows[3] = _row(ParameterIds.LEASE_DISPUTE_PERIOD, 200);
        rows[4] = _row(ParameterIds.LEASE_DISPUTE_BOND_EPOCHS, 2);
    }

    function _row(bytes32 id, uint256 value) private pure returns (INetworkParameters.Parameter memory) {
        return INetworkParameters.Parameter(id, value, value, 0, 1, 1_000_000, 20);
    }
}
