// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttestationBridge} from "./IAttestationBridge.sol";
import {IEvidence} from "./IEvidence.sol";

/// @notice What operators offer for rent: listings of nodes, their immutable versions, who may buy, and what is sold.
/// @dev A listing offers a share of one resource of a node, cut into equal units. Shares of all listings of a node and kind add
/// up to at most what the node attests, at most 10,000 bp, and leases never hold more units than a listing has, in any order of
/// calls.
interface INodeListings {
    /// @notice Resources of a node, in the order of the shares in its attestations.
    enum AssetKind {
        CPU,
        GPU,
        Memory,
        Storage,
        Network,
        Container
    }

    /// @notice Who may lease, from nobody else to anybody; {isAdmitted} is the whole table.
    enum PrivacyLevel {
        Private,
        PrivateNetwork,
        P2P,
        PublicNetwork,
        FullPublic
    }

    /// @notice What a wallet is to a listing. Own: owner or hot wallet of the node's operator. Invited: named in an offer that the
    /// operator signed. Member: on the operator's list of members or, for PublicNetwork, owner of any registered identity.
    enum Buyer {
        Stranger,
        Member,
        Invited,
        Own
    }

    /// @notice Terms of one version; a lease pins the version that was the newest when it was opened.
    /// @param token ERC-20 that rent, deposit and provider bond are paid in.
    /// @param price Smallest units of `token` for one unit and epoch.
    /// @param bondEpochs Bond of the provider for a lease, in epochs of its rent.
    /// @param graceEpochs Epochs after the funds ran out in which a top-up still continues the lease.
    /// @param minEpochs Shortest term; neither side can end earlier.
    /// @param maxEpochs Longest term, extensions included.
    /// @param uptimeBp Least share of the agreed term in which the node is attested and not degraded, basis points.
    /// @param maxMissedRun Missed epochs in a row from which the lease is breached; at least 1.
    /// @param acceptEpochs Epochs after the one of opening in which the provider can accept; at least 1.
    /// @param noticeEpochs Epochs between notice and end.
    /// @param isMetered True when the provider is paid by the client's vouchers, up to the rent of proven epochs.
    struct Terms {
        IERC20 token;
        uint64 price;
        uint16 bondEpochs;
        uint16 graceEpochs;
        uint32 minEpochs;
        uint32 maxEpochs;
        uint16 uptimeBp;
        uint16 maxMissedRun;
        uint16 acceptEpochs;
        uint16 noticeEpochs;
        bool isMetered;
    }

    /// @notice What every settlement of a lease needs of its listing and version.
    /// @param nodeIndex Node that is leased.
    /// @param identityId Operator of the node.
    /// @param token As in {Terms}.
    /// @param price As in {Terms}.
    /// @param bondEpochs As in {Terms}.
    /// @param graceEpochs As in {Terms}.
    struct Tenancy {
        uint32 nodeIndex;
        uint32 identityId;
        IERC20 token;
        uint64 price;
        uint16 bondEpochs;
        uint16 graceEpochs;
    }

    /// @notice What a new listing offers.
    /// @param nodeIndex Node that is offered.
    /// @param units Units offered.
    /// @param shareBp Share of the node's resource that all units are together, basis points.
    /// @param kind Resource that is offered.
    /// @param privacy Who may lease.
    struct Supply {
        uint32 nodeIndex;
        uint16 units;
        uint16 shareBp;
        AssetKind kind;
        PrivacyLevel privacy;
    }

    /// @notice Shares of a node's resources, six times 16 bits of basis points from the low end, in the order of {AssetKind}.
    /// @param offered Taken by listings.
    /// @param attested Claimed by the node's newest attestation that was shown here.
    /// @param epoch Epoch of that attestation.
    struct Capacity {
        uint96 offered;
        uint96 attested;
        uint64 epoch;
    }

    /// @notice A listing now.
    /// @param nodeIndex Node that is offered.
    /// @param identityId Operator of the node.
    /// @param version Newest version, from 1.
    /// @param units Units offered.
    /// @param soldUnits Units that leases hold.
    /// @param shareBp Share of the node's resource that all units are together, basis points.
    /// @param kind Resource that is offered.
    /// @param privacy Who may lease.
    /// @param isPaused True while no lease can be opened.
    /// @param isRetired True for ever once it was retired: no lease can be opened.
    struct Listing {
        uint32 nodeIndex;
        uint32 identityId;
        uint16 version;
        uint16 units;
        uint16 soldUnits;
        uint16 shareBp;
        AssetKind kind;
        PrivacyLevel privacy;
        bool isPaused;
        bool isRetired;
    }

    /// @notice What a version says beside its terms; kept in events alone.
    /// @param metadata SHA-256 of a longer document that is kept elsewhere, 0 for none.
    /// @param jurisdiction ISO 3166-1 alpha-2 code in capitals, for example `"DE"`; 0 for none.
    /// @param specs JSON of what one unit is, at most 1,024 bytes; its fields depend on the kind (docs/MARKETPLACE.md).
    struct Description {
        bytes32 metadata;
        bytes2 jurisdiction;
        string specs;
    }

    /// @notice An offer to one client, signed by the owner or hot wallet of the node's operator (EIP-712, ECDSA or ERC-1271):
    /// `Offer(uint32 listingId,uint16 version,address client,uint16 units,uint64 expiresAt,uint256 nonce)`.
    /// @param signer Wallet that signed.
    /// @param expiresAt Last second in which it can be taken.
    /// @param nonce Number that the operator uses once.
    /// @param signature Signature of the offer.
    struct Offer {
        address signer;
        uint64 expiresAt;
        uint256 nonce;
        bytes signature;
    }

    /// @notice Emitted when a listing is created; its first version follows.
    event ListingCreated(
        uint32 indexed listingId,
        uint32 indexed nodeIndex,
        uint32 indexed identityId,
        AssetKind kind,
        PrivacyLevel privacy,
        uint16 units,
        uint16 shareBp
    );

    /// @notice Emitted when a version becomes the newest of a listing.
    event ListingVersionPublished(
        uint32 indexed listingId,
        uint16 indexed version,
        Terms terms,
        bytes32 metadata,
        bytes2 jurisdiction,
        string specs
    );

    /// @notice Emitted when an attestation of a node shows which shares of its resources it claims to have.
    event CapacityShown(uint32 indexed nodeIndex, uint64 indexed epoch, uint96 shares);

    /// @notice Emitted when units or share of a listing change.
    event ListingResized(uint32 indexed listingId, uint16 units, uint16 shareBp);

    /// @notice Emitted when other wallets may lease than before.
    event ListingPrivacySet(uint32 indexed listingId, PrivacyLevel privacy);

    /// @notice Emitted when a listing is paused or opened again.
    event ListingPaused(uint32 indexed listingId, bool isPaused);

    /// @notice Emitted when a listing is retired for good.
    event ListingRetired(uint32 indexed listingId);

    /// @notice Emitted when a wallet joins or leaves an operator's private network.
    event MemberSet(uint32 indexed identityId, address indexed wallet, bool isMember);

    /// @notice Emitted when an offer is taken or withdrawn; it cannot be taken again.
    event OfferUsed(uint32 indexed identityId, uint256 indexed nonce);

    /// @notice Thrown when there is no such listing.
    error NodeListings_UnknownListing(uint32 listingId);

    /// @notice Thrown when the caller is neither owner nor hot wallet of the operator.
    error NodeListings_NotOperator(address caller, uint32 identityId);

    /// @notice Thrown when the caller is not the escrow of leases.
    error NodeListings_NotEscrow(address caller, address escrow);

    /// @notice Thrown when a node has exited.
    error NodeListings_NodeExited(uint32 nodeIndex);

    /// @notice Thrown when a field of a listing or its terms is outside its limits. `field` names it.
    error NodeListings_OutOfBounds(string field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when the shares of a node's listings of one kind would add up to more than there is.
    error NodeListings_ShareExceeded(uint32 nodeIndex, AssetKind kind, uint256 shareBp, uint256 max);

    /// @notice Thrown when listings of a node and kind take more than its newest shown attestation claims (basis points).
    error NodeListings_NotAttested(uint32 nodeIndex, AssetKind kind, uint256 offeredBp, uint256 attestedBp);

    /// @notice Thrown when an attestation is not the leaf of its node in an accepted report, or the node counts as absent.
    error NodeListings_NotInReport(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when an attestation is not newer than the one that was shown before (epochs).
    error NodeListings_NotNewer(uint32 nodeIndex, uint64 epoch, uint64 shown);

    /// @notice Thrown when a jurisdiction is not two capital letters.
    error NodeListings_InvalidJurisdiction(bytes2 jurisdiction);

    /// @notice Thrown when more units are asked for than are free.
    error NodeListings_NotEnoughUnits(uint32 listingId, uint256 units, uint256 free);

    /// @notice Thrown when a listing is made smaller than what is sold.
    error NodeListings_UnitsSold(uint32 listingId, uint16 units, uint16 soldUnits);

    /// @notice Thrown when a listing takes no leases now.
    error NodeListings_NotOpen(uint32 listingId, bool isPaused, bool isRetired);

    /// @notice Thrown when the newest version of a listing is another one.
    error NodeListings_WrongVersion(uint32 listingId, uint16 version, uint16 newest);

    /// @notice Thrown when the privacy level of a listing does not admit a wallet.
    error NodeListings_NotAdmitted(uint32 listingId, address client, PrivacyLevel privacy, Buyer buyer);

    /// @notice Thrown when an offer has expired (Unix seconds).
    error NodeListings_OfferExpired(uint64 expiresAt, uint64 nowSeconds);

    /// @notice Thrown when an offer was taken or withdrawn before.
    error NodeListings_OfferUsed(uint32 identityId, uint256 nonce);

    /// @notice Thrown when the signature of an offer is not its signer's, or the signer does not act for the operator.
    error NodeListings_InvalidOffer(address signer);

    /// @notice Offers a share of a node's resource. Owner or hot wallet of the node's operator only.
    /// @dev Needs an attestation of the node that claims the share ({showCapacity}). Assumptions. Safety: nobody is promised that
    /// the resource exists; attestations carry the operator's own word on its shares. Liveness: none, a listing holds no money.
    /// @return listingId Number of the listing, from 1.
    function createListing(
        Supply calldata supply,
        Terms calldata terms,
        Description calldata description
    ) external returns (uint32 listingId);

    /// @notice Shows an attestation of a node in an accepted report: from now on its shares are the most that listings of the node
    /// may take, and leases are opened only while they take no more. Anyone may call it, with ever newer attestations.
    /// @dev Trusts the committee that reported the epoch: the attestation's ML-DSA-65 signature is not verified again.
    /// @param signatureHash keccak256 of the attestation's signature.
    /// @param proof Siblings of the leaf, see {IAttestationBridge.verifyLeaf}.
    function showCapacity(
        IEvidence.ReportSummary calldata report,
        IAttestationBridge.Attestation calldata attestation,
        bytes32 signatureHash,
        bytes32[9] calldata proof
    ) external;

    /// @notice Publishes new terms. Leases that are open keep theirs.
    function publishVersion(uint32 listingId, Terms calldata terms, Description calldata description) external;

    /// @notice Changes units and share, not below what is sold. While leases hold units, no unit becomes smaller.
    function resize(uint32 listingId, uint16 units, uint16 shareBp) external;

    /// @notice Changes who may open leases from now on.
    function setPrivacy(uint32 listingId, PrivacyLevel privacy) external;

    /// @notice Stops or allows opening leases. Leases that are open go on.
    function setPaused(uint32 listingId, bool isPaused) external;

    /// @notice Stops opening leases for good. Its share is free again once no lease holds units of it.
    function retire(uint32 listingId) external;

    /// @notice Adds wallets to the operator's private network or removes them; leases that are open go on.
    function setMembers(uint32 identityId, address[] calldata wallets, bool isMember_) external;

    /// @notice Withdraws an offer before it is taken.
    function withdrawOffer(uint32 identityId, uint256 nonce) external;

    /// @notice Takes units for a lease of `client`. Escrow only.
    /// @param offer Offer of the operator; with an empty signature there is none.
    /// @return terms Terms of the version.
    function reserve(
        uint32 listingId,
        uint16 version,
        uint16 units,
        address client,
        Offer calldata offer
    ) external returns (Terms memory terms);

    /// @notice Gives the units of a lease back. Escrow only.
    function release(uint32 listingId, uint16 units) external;

    /// @notice Names the escrow of leases, once. Deployer only.
    function bindEscrow(address escrow_) external;

    /// @notice Returns the escrow of leases.
    function escrow() external view returns (address);

    /// @notice Returns the number of listings ever created; their numbers run from 1.
    function listingCount() external view returns (uint32);

    /// @notice Returns a listing. @dev Reverts when there is none.
    function listingOf(uint32 listingId) external view returns (Listing memory);

    /// @notice Returns the terms of a version of a listing.
    function termsOf(uint32 listingId, uint16 version) external view returns (Terms memory terms);

    /// @notice Returns the node of a listing, its operator, and those terms of a version that every settlement needs, at little gas.
    function tenancyOf(uint32 listingId, uint16 version) external view returns (Tenancy memory);

    /// @notice Returns which shares of a node's resources listings take, and which it attested.
    function capacityOf(uint32 nodeIndex) external view returns (Capacity memory);

    /// @notice Returns true when a wallet is on an operator's list of members.
    function isMember(uint32 identityId, address wallet) external view returns (bool);

    /// @notice Returns true when an offer was taken or withdrawn.
    function isOfferUsed(uint32 identityId, uint256 nonce) external view returns (bool);

    /// @notice Returns what a wallet is to a listing without an offer.
    function buyerOf(uint32 listingId, address wallet) external view returns (Buyer);

    /// @notice Returns true when a level admits a kind of buyer.
    function isAdmitted(PrivacyLevel privacy, Buyer buyer) external pure returns (bool);

    /// @notice Returns the EIP-712 digest that the operator signs for an offer to a client.
    function hashOffer(
        uint32 listingId,
        uint16 version,
        address client,
        uint16 units,
        Offer calldata offer
    ) external view returns (bytes32);
}
