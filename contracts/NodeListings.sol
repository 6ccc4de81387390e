// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {AcceptedReports} from "./AcceptedReports.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEntryPause} from "./interfaces/IEntryPause.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeListings} from "./interfaces/INodeListings.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ReportTree} from "./libraries/ReportTree.sol";
import {StatementHash} from "./libraries/StatementHash.sol";

contract NodeListings is INodeListings, AcceptedReports, EIP712 {
    bytes32 private constant OFFER_TYPEHASH = keccak256(
        "Offer(uint32 listingId,uint16 version,address client,uint16 units,uint64 expiresAt,uint256 nonce)"
    );
    uint256 private constant FULL_BP = 10_000;
    /// @dev Four bits for each level from the low end, bit b for {Buyer} b: Own; Member, Own; Invited, Own; Member, Own; all.
    uint256 private constant ADMISSIONS = 0xfaca8;
    uint32 private constant MAX_EPOCHS = 5_256_000;
    uint256 private constant MAX_SPECS = 1_024;
    uint32 private constant SHARD_SIZE = 512;

    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;

    address private immutable _deployer;

    /// @inheritdoc INodeListings
    address public override escrow;

    /// @inheritdoc INodeListings
    uint32 public override listingCount;

    mapping(uint32 listingId => Listing) private _listings;
    mapping(uint256 key => Terms) private _terms;

    mapping(uint32 nodeIndex => Capacity) private _capacities;

    /// @inheritdoc INodeListings
    mapping(uint32 identityId => mapping(address wallet => bool)) public override isMember;

    /// @inheritdoc INodeListings
    mapping(uint32 identityId => mapping(uint256 nonce => bool)) public override isOfferUsed;

    constructor(
        INodeRegistry registry,
        IAttestationBridge bridge_,
        INetworkParameters parameters
    ) AcceptedReports(bridge_) EIP712("PQMesh", "1") {
        if (address(registry) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        _registry = registry;
        _parameters = parameters;
        _deployer = msg.sender;
    }

    // Operators

    /// @inheritdoc INodeListings
    function createListing(
        Supply calldata supply,
        Terms calldata terms,
        Description calldata description
    ) external returns (uint32 listingId) {
        _parameters.requireEntry(IEntryPause.EntryArea.Listing);
        (uint32 identityId, bool exited, , bool isOperator) = _registry.accessOf(supply.nodeIndex, msg.sender);
        if (!isOperator) revert NodeListings_NotOperator(msg.sender, identityId);
        if (exited) revert NodeListings_NodeExited(supply.nodeIndex);
        _requireSize(supply.units, supply.shareBp);
        _takeShare(supply.nodeIndex, supply.kind, 0, supply.shareBp);
        listingId = ++listingCount;
        Listing storage stored = _listings[listingId];
        (stored.nodeIndex, stored.identityId) = (supply.nodeIndex, identityId);
        (stored.units, stored.shareBp) = (supply.units, supply.shareBp);
        (stored.kind, stored.privacy) = (supply.kind, supply.privacy);
        emit ListingCreated(
            listingId,
            supply.nodeIndex,
            identityId,
            supply.kind,
            supply.privacy,
            supply.units,
            supply.shareBp
        );
        _publish(listingId, stored, terms, description);
    }

    /// @inheritdoc INodeListings
    function showCapacity(
        IEvidence.ReportSummary calldata report,
        IAttestationBridge.Attestation calldata attestation,
        bytes32 signatureHash,
        bytes32[9] calldata proof
    ) external {
        bytes32 domain = _domain();
        _requireAccepted(report, domain);
        uint32 nodeIndex = attestation.nodeIndex;
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, StatementHash.ofAttestation(attestation));
        bytes32 leaf = ReportTree.leafOf(nodeIndex, digest, signatureHash);
        bool isInReport =
            nodeIndex / SHARD_SIZE == report.shard &&
                attestation.epoch == report.epoch &&
                ReportTree.rootOf(leaf, nodeIndex, proof) == report.root;
        // A leaf that was proven invalid made its node absent.
        if (!isInReport || bridge.statusOf(nodeIndex, report.epoch) == IAttestationBridge.EpochStatus.Absent) {
            revert NodeListings_NotInReport(nodeIndex, report.epoch);
        }
        Capacity storage capacity = _capacities[nodeIndex];
        if (report.epoch <= capacity.epoch) {
            revert NodeListings_NotNewer(nodeIndex, report.epoch, capacity.epoch);
        }
        (capacity.attested, capacity.epoch) = (attestation.shares, report.epoch);
        emit CapacityShown(nodeIndex, report.epoch, attestation.shares);
    }

    /// @inheritdoc INodeListings
    function publishVersion(uint32 listingId, Terms calldata terms, Description calldata description) external {
        _publish(listingId, _ownOpen(listingId), terms, description);
    }

    /// @inheritdoc INodeListings
    function resize(uint32 listingId, uint16 units, uint16 shareBp) external {
        Listing storage listing = _ownOpen(listingId);
        _requireSize(units, shareBp);
        if (units < listing.soldUnits) revert NodeListings_UnitsSold(listingId, units, listing.soldUnits);
        if (listing.soldUnits != 0) {
            uint256 least = (uint256(listing.shareBp) * units + listing.units - 1) / listing.units;
            _requireWithin("shareBp", shareBp, least, FULL_BP);
        }
        _takeShare(listing.nodeIndex, listing.kind, listing.shareBp, shareBp);
        (listing.units, listing.shareBp) = (units, shareBp);
        emit ListingResized(listingId, units, shareBp);
    }

    /// @inheritdoc INodeListings
    function setPrivacy(uint32 listingId, PrivacyLevel privacy) external {
        _ownOpen(listingId).privacy = privacy;
        emit ListingPrivacySet(listingId, privacy);
    }

    /// @inheritdoc INodeListings
    function setPaused(uint32 listingId, bool isPaused) external {
        _ownOpen(listingId).isPaused = isPaused;
        emit ListingPaused(listingId, isPaused);
    }

    /// @inheritdoc INodeListings
    function retire(uint32 listingId) external {
        Listing storage listing = _ownOpen(listingId);
        listing.isRetired = true;
        if (listing.soldUnits == 0) _takeShare(listing.nodeIndex, listing.kind, listing.shareBp, 0);
        emit ListingRetired(listingId);
    }

    /// @inheritdoc INodeListings
    function setMembers(uint32 identityId, address[] calldata wallets, bool isMember_) external {
        _requireActsFor(identityId, msg.sender);
        for (uint256 i = 0; i < wallets.length; ++i) {
            isMember[identityId][wallets[i]] = isMember_;
            emit MemberSet(identityId, wallets[i], isMember_);
        }
    }

    /// @inheritdoc INodeListings
    function withdrawOffer(uint32 identityId, uint256 nonce) external {
        _requireActsFor(identityId, msg.sender);
        _useOffer(identityId, nonce);
    }

    // Escrow

    /// @inheritdoc INodeListings
    function reserve(
        uint32 listingId,
        uint16 version,
        uint16 units,
        address client,
        Offer calldata offer
    ) external returns (Terms memory terms) {
        _requireEscrow();
        Listing memory listing = _known(listingId);
        if (listing.isPaused || listing.isRetired) {
            revert NodeListings_NotOpen(listingId, listing.isPaused, listing.isRetired);
        }
        if (version != listing.version) revert NodeListings_WrongVersion(listingId, version, listing.version);
        uint256 free = listing.units - listing.soldUnits;
        if (units == 0 || units > free) revert NodeListings_NotEnoughUnits(listingId, units, free);
        if (listing.privacy != PrivacyLevel.FullPublic) {
            Buyer buyer = _buyerOf(listing, client);
            if (!isAdmitted(listing.privacy, buyer) && offer.signature.length != 0) {
                _takeOffer(listing.identityId, hashOffer(listingId, version, client, units, offer), offer);
                buyer = Buyer.Invited;
            }
            if (!isAdmitted(listing.privacy, buyer)) {
                revert NodeListings_NotAdmitted(listingId, client, listing.privacy, buyer);
            }
        }
        Capacity memory capacity = _capacities[listing.nodeIndex];
        (uint256 offered, uint256 attested) = _sharesOf(capacity, listing.kind);
        if (offered > attested) revert NodeListings_NotAttested(listing.nodeIndex, listing.kind, offered, attested);
        _listings[listingId].soldUnits = listing.soldUnits + units;
        terms = _terms[_versionKey(listingId, version)];
    }

    /// @inheritdoc INodeListings
    function release(uint32 listingId, uint16 units) external {
        _requireEscrow();
        Listing storage listing = _listings[listingId];
        uint16 sold = listing.soldUnits - units;
        listing.soldUnits = sold;
        if (sold == 0 && listing.isRetired) _takeShare(listing.nodeIndex, listing.kind, listing.shareBp, 0);
    }

    /// @inheritdoc INodeListings
    function bindEscrow(address escrow_) external {
        if (msg.sender != _deployer || escrow != address(0)) revert IGoverned.Governed_BindingClosed(msg.sender);
        if (escrow_ == address(0)) revert IGoverned.Governed_ZeroAddress("escrow");
        escrow = escrow_;
    }

    // Reads

    /// @inheritdoc INodeListings
    function listingOf(uint32 listingId) external view returns (Listing memory) {
        return _known(listingId);
    }

    /// @inheritdoc INodeListings
    function termsOf(uint32 listingId, uint16 version) external view returns (Terms memory) {
        _requireVersion(listingId, version);
        return _terms[_versionKey(listingId, version)];
    }

    /// @inheritdoc INodeListings
    function tenancyOf(uint32 listingId, uint16 version) external view returns (Tenancy memory) {
        Listing storage listing = _requireVersion(listingId, version);
        Terms storage terms = _terms[_versionKey(listingId, version)];
        return
            Tenancy({
                nodeIndex: listing.nodeIndex,
                identityId: listing.identityId,
                token: terms.token,
                price: terms.price,
                bondEpochs: terms.bondEpochs,
                graceEpochs: terms.graceEpochs
            });
    }

    /// @inheritdoc INodeListings
    function capacityOf(uint32 nodeIndex) external view returns (Capacity memory) {
        return _capacities[nodeIndex];
    }

    /// @inheritdoc INodeListings
    function buyerOf(uint32 listingId, address wallet) external view returns (Buyer) {
        return _buyerOf(_known(listingId), wallet);
    }

    /// @inheritdoc INodeListings
    function isAdmitted(PrivacyLevel privacy, Buyer buyer) public pure returns (bool) {
        return (ADMISSIONS >> (4 * uint256(privacy) + uint256(buyer))) & 1 == 1;
    }

    /// @inheritdoc INodeListings
    function hashOffer(
        uint32 listingId,
        uint16 version,
        address client,
        uint16 units,
        Offer calldata offer
    ) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(OFFER_TYPEHASH, listingId, version, client, units, offer.expiresAt, offer.nonce))
            );
    }

    // Listings

    function _publish(
        uint32 listingId,
        Listing storage listing,
        Terms calldata terms,
        Description calldata description
    ) private {
        _requireTerms(terms);
        _requireDescription(description);
        uint16 version = ++listing.version;
        _terms[_versionKey(listingId, version)] = terms;
        emit ListingVersionPublished(
            listingId,
            version,
            terms,
            description.metadata,
            description.jurisdiction,
            description.specs
        );
    }

    function _requireTerms(Terms calldata terms) private pure {
        if (address(terms.token) == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        _requireWithin("price", terms.price, 1, type(uint64).max);
        _requireWithin("maxEpochs", terms.maxEpochs, 1, MAX_EPOCHS);
        _requireWithin("minEpochs", terms.minEpochs, 1, terms.maxEpochs);
        _requireWithin("uptimeBp", terms.uptimeBp, 0, FULL_BP);
        _requireWithin("maxMissedRun", terms.maxMissedRun, 1, type(uint16).max);
        _requireWithin("acceptEpochs", terms.acceptEpochs, 1, type(uint16).max);
    }

    function _requireDescription(Description calldata description) private pure {
        _requireWithin("specs", bytes(description.specs).length, 0, MAX_SPECS);
        bytes2 code = description.jurisdiction;
        if (code != 0 && !(_isCapital(code[0]) && _isCapital(code[1]))) revert NodeListings_InvalidJurisdiction(code);
    }

    function _isCapital(bytes1 letter) private pure returns (bool) {
        return letter >= "A" && letter <= "Z";
    }

    function _requireSize(uint256 units, uint256 shareBp) private pure {
        _requireWithin("units", units, 1, type(uint16).max);
        _requireWithin("shareBp", shareBp, 1, FULL_BP);
    }

    function _requireWithin(string memory field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert NodeListings_OutOfBounds(field, value, min, max);
    }

    /// @dev Replaces what one listing takes of a node's resource.
    function _takeShare(uint32 nodeIndex, AssetKind kind, uint256 before, uint256 shareBp) private {
        Capacity storage capacity = _capacities[nodeIndex];
        (uint256 offered, uint256 attested) = _sharesOf(capacity, kind);
        uint256 others = offered - before;
        if (shareBp > before) {
            if (others + shareBp > FULL_BP) {
                revert NodeListings_ShareExceeded(nodeIndex, kind, shareBp, FULL_BP - others);
            }
            if (others + shareBp > attested) {
                revert NodeListings_NotAttested(nodeIndex, kind, others + shareBp, attested);
            }
        }
        uint256 shift = 16 * uint256(kind);
        uint256 rest = capacity.offered & ~(uint256(type(uint16).max) << shift);
        capacity.offered = uint96(rest | ((others + shareBp) << shift));
    }

    /// @dev Returns which share of a resource the listings of a node take, and which it attested.
    function _sharesOf(
        Capacity memory capacity,
        AssetKind kind
    ) private pure returns (uint256 offered, uint256 attested) {
        uint256 shift = 16 * uint256(kind);
        return ((capacity.offered >> shift) & type(uint16).max, (capacity.attested >> shift) & type(uint16).max);
    }

    function _requireVersion(uint32 listingId, uint16 version) private view returns (Listing storage listing) {
        listing = _listings[listingId];
        if (version == 0 || version > listing.version) {
            revert NodeListings_WrongVersion(listingId, version, listing.version);
        }
    }

    function _known(uint32 listingId) private view returns (Listing memory listing) {
        listing = _listings[listingId];
        if (listing.version == 0) revert NodeListings_UnknownListing(listingId);
    }

    /// @dev Returns a listing that is not retired and whose operator calls.
    function _ownOpen(uint32 listingId) private view returns (Listing storage listing) {
        listing = _listings[listingId];
        if (listing.version == 0) revert NodeListings_UnknownListing(listingId);
        if (!_registry.isOperator(listing.nodeIndex, msg.sender)) {
            revert NodeListings_NotOperator(msg.sender, listing.identityId);
        }
        if (listing.isRetired) revert NodeListings_NotOpen(listingId, listing.isPaused, true);
    }

    function _versionKey(uint32 listingId, uint16 version) private pure returns (uint256) {
        return (uint256(listingId) << 16) | version;
    }

    // Buyers

    function _buyerOf(Listing memory listing, address wallet) private view returns (Buyer) {
        if (_registry.isOperator(listing.nodeIndex, wallet)) return Buyer.Own;
        if (listing.privacy == PrivacyLevel.PublicNetwork) {
            return _registry.identityOf(wallet) == 0 ? Buyer.Stranger : Buyer.Member;
        }
        return isMember[listing.identityId][wallet] ? Buyer.Member : Buyer.Stranger;
    }

    function _takeOffer(uint32 identityId, bytes32 digest, Offer calldata offer) private {
        if (block.timestamp > offer.expiresAt) {
            revert NodeListings_OfferExpired(offer.expiresAt, uint64(block.timestamp));
        }
        if (
            !_actsFor(identityId, offer.signer) ||
            !SignatureChecker.isValidSignatureNowCalldata(offer.signer, digest, offer.signature)
        ) revert NodeListings_InvalidOffer(offer.signer);
        _useOffer(identityId, offer.nonce);
    }

    function _useOffer(uint32 identityId, uint256 nonce) private {
        if (isOfferUsed[identityId][nonce]) revert NodeListings_OfferUsed(identityId, nonce);
        isOfferUsed[identityId][nonce] = true;
        emit OfferUsed(identityId, nonce);
    }

    function _actsFor(uint32 identityId, address wallet) private view returns (bool) {
        INodeRegistry.Operator memory operator = _registry.operatorOf(identityId);
        return wallet != address(0) && (wallet == operator.owner || wallet == operator.operatorWallet);
    }

    function _requireActsFor(uint32 identityId, address wallet) private view {
        if (!_actsFor(identityId, wallet)) revert NodeListings_NotOperator(wallet, identityId);
    }

    function _requireEscrow() private view {
        if (msg.sender != escrow) revert NodeListings_NotEscrow(msg.sender, escrow);
    }
}
