// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Caesar: the operators' 40 % of MESH, emitted along a published curve and in no other way.
/// @dev Amounts are MESH wei. Year `y` of the curve emits a share of the bucket proportional to `decay^y`, evenly over
/// the year. Emission follows a clock of its own, which runs only while there are nodes to reward, and at the governed
/// parameter `emissionPaceBp`, at most at the pace of time: the published curve is a ceiling. What is emitted is credited
/// to the distributor and leaves when drawn by it. At every moment `released <= emitted <= emittedBy(now) <= bucket`.
interface ICaesarEmissions {
    /// @notice Emitted once, by the constructor, with what `curve` returns.
    event CurveSet(uint64 start, uint256 yearCount, uint256 decayBp);

    /// @notice Emitted once, when the deployer names the token.
    event TokenBound(address indexed token);

    /// @notice Emitted when the timelock names the contract that distributes emissions.
    event DistributorSet(address indexed previousDistributor, address indexed newDistributor);

    /// @notice Emitted when MESH was credited to the distributor for the time up to `until` (Unix seconds), of which
    /// `workedSeconds` counted at a pace of `paceBp` basis points.
    event EmissionsAccrued(
        address indexed distributor,
        uint64 until,
        uint64 workedSeconds,
        uint256 paceBp,
        uint256 amount,
        uint256 emittedAfter
    );

    /// @notice Emitted when MESH was drawn by a distributor; `creditAfter` is what it may still draw.
    event EmissionsReleased(address indexed distributor, address indexed receiver, uint256 amount, uint256 creditAfter);

    /// @notice Thrown when a curve has no year or more than 20, or its decay is zero or above 10,000 basis points.
    error CaesarEmissions_InvalidCurve(uint256 yearCount, uint256 decayBp);

    /// @notice Thrown when the token that is bound did not give this contract exactly the bucket.
    error CaesarEmissions_WrongBucket(uint256 balance, uint256 bucket);

    /// @notice Thrown when somebody else than the distributor accrues emissions.
    error CaesarEmissions_NotDistributor(address caller, address distributor);

    /// @notice Thrown when emissions are accrued for time that lies ahead (Unix seconds).
    error CaesarEmissions_InvalidTime(uint64 until, uint64 accruedUntil, uint64 nowSeconds);

    /// @notice Thrown when more is drawn than the caller has credit for (MESH wei).
    error CaesarEmissions_InsufficientCredit(address caller, uint256 amount, uint256 credit);

    /// @notice Names the token, once and for ever. Deployer only; after it the deployer has no power here.
    function bindToken(address token_) external;

    /// @notice Names the contract that receives emissions from now on. Timelock only (AuthorizationOp).
    /// @dev Earlier distributors keep their credit: what nodes have earned cannot be taken away.
    function setDistributor(address newDistributor) external;

    /// @notice Credits what the curve emits in `workedSeconds` of the time up to `until`. Distributor only.
    /// @dev Uses the pace that was in force when that time began, so that a change of the pace is never retroactive.
    /// At most the seconds since the last call count; time that was accrued before emits nothing, so that a distributor named
    /// late goes on with what follows.
    /// @param until Unix time in seconds, not ahead.
    /// @param workedSeconds Seconds of that time in which there were nodes to reward.
    /// @return amount MESH wei credited.
    function accrue(uint64 until, uint64 workedSeconds) external returns (uint256 amount);

    /// @notice Draws from the caller's credit.
    function release(address receiver, uint256 amount) external;

    /// @notice Returns how much the published curve emits at most up to a Unix time in seconds; the whole bucket from its
    /// end on.
    function emittedBy(uint64 time) external view returns (uint256);

    /// @notice Returns how much was emitted so far: drawn by a distributor, or credited to it.
    function emitted() external view returns (uint256);

    /// @notice Returns how much distributors drew so far; what they paid on is theirs to say.
    function released() external view returns (uint256);

    /// @notice Returns what a distributor may still draw.
    function creditOf(address distributor_) external view returns (uint256);

    /// @notice Returns how far emission has come.
    /// @return accruedUntil Unix time in seconds up to which emissions were accrued.
    /// @return clockSeconds Seconds of the curve that were emitted, rounded down.
    function progress() external view returns (uint64 accruedUntil, uint64 clockSeconds);

    /// @notice Returns the size of the bucket: 400,000,000 MESH.
    function bucket() external view returns (uint256);

    /// @notice Returns the contract that receives emissions, zero while none is named.
    function distributor() external view returns (address);

    /// @notice Returns the token, zero before it is bound.
    function token() external view returns (address);

    /// @notice Returns the curve: first second (Unix), number of years of 365 days, yearly decay in basis points.
    function curve() external view returns (uint64 start, uint256 yearCount, uint256 decayBp);
}
