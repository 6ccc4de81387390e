// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Caesar: the operators' 40 % of MESH, released along a published curve and in no other way.
/// @dev Amounts are MESH wei. Year `y` of the curve emits a share of the bucket proportional to `decay^y`, evenly over
/// the year. At every moment `released <= emittedBy(now) <= bucket`.
interface ICaesarEmissions {
    /// @notice Emitted once, when the deployer names the token.
    event TokenBound(address indexed token);

    /// @notice Emitted when the timelock names the contract that distributes emissions.
    event DistributorSet(address indexed previousDistributor, address indexed newDistributor);

    /// @notice Emitted when emissions were paid to the distributor.
    event EmissionsReleased(address indexed distributor, uint256 amount, uint256 releasedAfter);

    /// @notice Thrown when a curve has no year or more than 20, or its decay is zero or above 10,000 basis points.
    error CaesarEmissions_InvalidCurve(uint256 yearCount, uint256 decayBp);

    /// @notice Thrown when the token that is bound did not give this contract exactly the bucket.
    error CaesarEmissions_WrongBucket(uint256 balance, uint256 bucket);

    /// @notice Thrown when emissions are released before a distributor was named.
    error CaesarEmissions_NoDistributor();

    /// @notice Names the token, once and for ever. Deployer only; after it the deployer has no power here.
    function bindToken(address token_) external;

    /// @notice Names the contract that receives emissions. Timelock only (AuthorizationOp).
    function setDistributor(address newDistributor) external;

    /// @notice Pays what the curve has emitted and was not paid yet to the distributor. Anyone may call it.
    /// @return amount MESH wei paid; zero when nothing was due.
    function release() external returns (uint256 amount);

    /// @notice Returns how much the curve emits up to a Unix time in seconds; the whole bucket from its end on.
    function emittedBy(uint64 time) external view returns (uint256);

    /// @notice Returns how much was paid to distributors so far.
    function released() external view returns (uint256);

    /// @notice Returns the size of the bucket: 400,000,000 MESH.
    function bucket() external view returns (uint256);

    /// @notice Returns the contract that receives emissions, zero while none is named.
    function distributor() external view returns (address);

    /// @notice Returns the token, zero before it is bound.
    function token() external view returns (address);

    /// @notice Returns the curve: first second (Unix), number of years of 365 days, yearly decay in basis points.
    function curve() external view returns (uint64 start, uint256 yearCount, uint256 decayBp);
}
