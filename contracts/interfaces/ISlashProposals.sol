// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Slashes for what no contract can judge: proposed with a bond, disputed with a bond, vetoed by the DAO, executed by
/// anyone.
/// @dev A proposal that nobody disputes is executed unless the DAO vetoes it; a disputed one only when the DAO upholds it, and
/// the DAO's silence ends it. From the proposal on, no stake of the time of the offence can leave. Amounts are MESH wei.
interface ISlashProposals {
    /// @notice Where a proposal stands.
    /// Open: can be disputed. Disputed: waits for the DAO. Upheld: the DAO rejected the dispute. Closed: nothing is left to do.
    enum Status {
        None,
        Open,
        Disputed,
        Upheld,
        Closed
    }

    /// @notice A proposed slash.
    /// @param proposer Who bonded for it.
    /// @param nodeIndex Node that is accused.
    /// @param disputeUntil Unix time in seconds until which it can be disputed.
    /// @param disputer Who bonded against it; zero when nobody did.
    /// @param amount MESH wei that it can still take.
    /// @param bond MESH wei bonded by each side.
    /// @param vetoUntil Unix time in seconds until which the DAO has time; execution begins then.
    /// @param epoch Epoch of the offence.
    /// @param status Where it stands.
    /// @param evidence Hash of the evidence.
    struct Proposal {
        address proposer;
        uint32 nodeIndex;
        uint64 disputeUntil;
        address disputer;
        uint96 amount;
        uint96 bond;
        uint64 vetoUntil;
        uint64 epoch;
        Status status;
        bytes32 evidence;
    }

    /// @notice Emitted when a slash is proposed. `evidence` is the hash of what the proposer publishes.
    event SlashProposed(
        uint256 indexed proposalId,
        uint32 indexed nodeIndex,
        address indexed proposer,
        uint64 epoch,
        uint256 shareBp,
        uint256 amount,
        uint256 bond,
        bytes32 evidence,
        uint64 disputeUntil,
        uint64 vetoUntil
    );

    /// @notice Emitted when a proposal is disputed.
    event SlashDisputed(uint256 indexed proposalId, address indexed disputer, uint256 bond);

    /// @notice Emitted when the DAO upholds a disputed proposal. One bond goes to the proposer at once, in place of the
    /// disputer's, who gets nothing; the other one is the proposer's own and stays until the proposal ends.
    event SlashUpheld(uint256 indexed proposalId);

    /// @notice Emitted when a proposal took stake; `amountLeft` is what it can still take in later epochs.
    event SlashExecuted(uint256 indexed proposalId, uint256 indexed slashId, uint256 amount, uint256 amountLeft);

    /// @notice Emitted when a proposal ended, with where the bonds that were still held went.
    event SlashClosed(uint256 indexed proposalId, uint256 toProposer, uint256 toDisputer, uint256 toTreasury);

    /// @notice Thrown when a share is zero or above its ceiling (basis points).
    error SlashProposals_ShareOutOfBounds(uint256 shareBp, uint256 maxBp);

    /// @notice Thrown when an offence lies in an epoch that is not over, or so far back that its stake may have left.
    error SlashProposals_EpochNotOpen(uint64 epoch, uint64 fromEpoch, uint64 currentEpoch);

    /// @notice Thrown when the node had nothing at stake in that epoch.
    error SlashProposals_NothingAtStake(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when a proposal is not in a state in which this can be done.
    error SlashProposals_WrongStatus(uint256 proposalId, Status status);

    /// @notice Thrown when something is done after its time (Unix seconds).
    error SlashProposals_TooLate(uint256 proposalId, uint64 until, uint64 nowSeconds);

    /// @notice Thrown when something is done before its time (Unix seconds).
    error SlashProposals_TooEarly(uint256 proposalId, uint64 from, uint64 nowSeconds);

    /// @notice Thrown when the caller is not the proposer.
    error SlashProposals_NotProposer(address caller, uint256 proposalId);

    /// @notice Thrown when as much was slashed in this epoch as proposals may take together; it goes on in the next one.
    error SlashProposals_CeilingReached(uint64 epoch, uint256 ceiling);

    /// @notice Proposes to slash a share of a node's stake at the time of an offence. Takes the parameter `slashProposalBond`.
    /// @param epoch Epoch of the offence; over, and not longer ago than the unbonding period.
    /// @param shareBp Basis points, at most the parameter `slashProposedMaxBp`.
    /// @param evidence Hash of the evidence.
    function propose(
        uint32 nodeIndex,
        uint64 epoch,
        uint256 shareBp,
        bytes32 evidence
    ) external returns (uint256 proposalId);

    /// @notice Disputes a proposal with a bond of the same size. Anyone may.
    function dispute(uint256 proposalId) external;

    /// @notice Takes a proposal back. Proposer only. Its bond goes to the disputer; without one, a quarter of it goes to the
    /// treasury, because the proposal held unbondings back, and the rest returns.
    function cancel(uint256 proposalId) external;

    /// @notice Rejects a dispute, so that the slash can be executed after its veto time. Timelock only (ExecutionOp).
    function uphold(uint256 proposalId) external;

    /// @notice Ends a proposal before it has taken all that it can, also one that has taken a part or was upheld. Timelock only
    /// (RollbackOp). While it is disputed, the disputer gets both bonds: its own and the proposer's. Else the one bond that
    /// is held, the proposer's, goes to the treasury; after {uphold} the proposer keeps the disputer's bond, which it has.
    function veto(uint256 proposalId) external;

    /// @notice Executes a proposal whose time has come, as far as this epoch's ceiling allows. Anyone may call it.
    /// @return taken MESH wei taken.
    function execute(uint256 proposalId) external returns (uint256 taken);

    /// @notice Ends a disputed proposal that the DAO did not decide in time. The disputer's bond returns, and the proposer's
    /// but for a quarter, which goes to the treasury. Anyone may call it.
    function lapse(uint256 proposalId) external;

    /// @notice Returns a proposal.
    function proposalOf(uint256 proposalId) external view returns (Proposal memory);

    /// @notice Returns the number of proposals of a node that are not closed.
    function openProposals(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns the sum of all bonds held in MESH wei.
    function totalBonds() external view returns (uint256);
}
