// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeaseAgreements} from "./ILeaseAgreements.sol";
import {ILeases} from "./ILeases.sol";
import {INodeListings} from "./INodeListings.sol";
import {ITokenBalances} from "./ITokenBalances.sol";

/// @notice Leases and the escrow that pays for proven epochs and returns everything else, without anybody's permission.
/// @dev Money goes to balances that accounts withdraw themselves, never straight to a receiver. Settlement reads only final epochs,
/// so that its result does not depend on who calls it, when, or in how many pages.
/// Functions of {ILeaseAgreements} are called at the same address: what this interface lacks is passed on to that contract.
interface ILeaseEscrow is ILeases, ITokenBalances {
    /// @notice Settles final epochs of a lease, at most `maxEpochs` of them, and closes it when it is over. Anyone may call it.
    /// @dev Does nothing for a lease that is closed. Costs more gas where more epochs of the node are recorded as missed.
    /// @return settledUntil First epoch that is not settled.
    function settle(uint256 leaseId, uint64 maxEpochs) external returns (uint64 settledUntil);

    /// @notice Janitor: settles and closes overdue leases. For each that could be closed for `janitorDelay` epochs and was not,
    /// the caller is credited the fee that its client prepaid. One that cannot be closed is passed over with {SweepSkipped}.
    /// Anyone may call it.
    /// @param maxEpochs Epochs to settle of each lease at most.
    /// @return closed Number of leases that it closed.
    function sweep(uint256[] calldata leaseIds, uint64 maxEpochs) external returns (uint256 closed);

    /// @notice Settles and closes one lease of a sweep. This contract only, so that a failure undoes no other lease.
    /// @param janitor Who swept.
    /// @param delay Epochs for which a lease must have been closable before the janitor is paid.
    function sweepOne(
        uint256 leaseId,
        uint64 maxEpochs,
        address janitor,
        uint256 delay
    ) external returns (SweepOutcome outcome);

    /// @notice Credits part of what a metered lease earned, to the provider or back to the client. Contract of vouchers only.
    /// @dev Never more than the lease earned, whatever the caller says.
    function payEarned(uint256 leaseId, uint256 amount, bool isToClient) external;

    /// @notice Names disputes and vouchers, once. Deployer only.
    function bind(address disputes_, address vouchers_) external;

    /// @notice Returns the listings that leases are of.
    function listings() external view returns (INodeListings);

    /// @notice Returns the contract that decides disputes.
    function disputes() external view returns (address);

    /// @notice Returns the contract that takes vouchers.
    function vouchers() external view returns (address);

    /// @notice Returns the node of a lease, the rent of an epoch and its token.
    function tenancyOf(uint256 leaseId) external view returns (uint32 nodeIndex, uint256 rate, IERC20 token);

    /// @notice Returns a lease. @dev Reverts when there is none.
    function leaseOf(uint256 leaseId) external view returns (Lease memory lease, Record memory record);

    /// @notice Returns the client of a lease, and what it earned as a metered one.
    function meterOf(uint256 leaseId) external view returns (address client, Meter memory meter);

    /// @notice Returns the contract whose code answers the functions of {ILeaseAgreements}.
    function agreements() external view returns (ILeaseAgreements);
}
