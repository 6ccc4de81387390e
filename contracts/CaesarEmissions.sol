// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "./Governed.sol";
import {ICaesarEmissions} from "./interfaces/ICaesarEmissions.sol";

contract CaesarEmissions is ICaesarEmissions, Governed {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_YEARS = 20;
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev Weight of the first year; large, so that decaying it 20 times keeps all its digits that matter.
    uint256 private constant FIRST_WEIGHT = 1e36;

    /// @inheritdoc ICaesarEmissions
    uint256 public constant override bucket = 400_000_000e18;

    address private immutable _deployer;
    uint64 private immutable _start;
    uint256 private immutable _yearCount;
    uint256 private immutable _decayBp;
    uint256 private immutable _weightSum;

    /// @inheritdoc ICaesarEmissions
    address public override token;

    /// @inheritdoc ICaesarEmissions
    address public override distributor;

    /// @inheritdoc ICaesarEmissions
    uint256 public override released;

    constructor(address timelock_, uint64 start, uint256 yearCount, uint256 decayBp) Governed(timelock_) {
        if (yearCount == 0 || yearCount > MAX_YEARS || decayBp == 0 || decayBp > BASIS_POINTS) {
            revert CaesarEmissions_InvalidCurve(yearCount, decayBp);
        }
        _deployer = msg.sender;
        _start = start;
        _yearCount = yearCount;
        _decayBp = decayBp;
        (_weightSum, ) = _weights(yearCount, decayBp);
    }

    /// @inheritdoc ICaesarEmissions
    function bindToken(address token_) external {
        if (msg.sender != _deployer || token != address(0)) revert Governed_BindingClosed(msg.sender);
        uint256 balance = IERC20(token_).balanceOf(address(this));
        if (balance != bucket) revert CaesarEmissions_WrongBucket(balance, bucket);
        token = token_;
        emit TokenBound(token_);
    }

    /// @inheritdoc ICaesarEmissions
    function setDistributor(address newDistributor) external onlyTimelock {
        if (newDistributor == address(0)) revert Governed_ZeroAddress("distributor");
        emit DistributorSet(distributor, newDistributor);
        distributor = newDistributor;
    }

    /// @inheritdoc ICaesarEmissions
    function release() external returns (uint256 amount) {
        address receiver = distributor;
        if (receiver == address(0)) revert CaesarEmissions_NoDistributor();
        amount = emittedBy(uint64(block.timestamp)) - released;
        if (amount == 0) return 0;
        released += amount;
        emit EmissionsReleased(receiver, amount, released);
        IERC20(token).safeTransfer(receiver, amount);
    }

    /// @inheritdoc ICaesarEmissions
    function emittedBy(uint64 time) public view returns (uint256) {
        if (time <= _start) return 0;
        uint256 elapsed = time - _start;
        uint256 year = elapsed / 365 days;
        if (year >= _yearCount) return bucket;
        (uint256 weightBefore, uint256 weightOfYear) = _weights(year, _decayBp);
        uint256 atStartOfYear = (bucket * weightBefore) / _weightSum;
        uint256 atEndOfYear = (bucket * (weightBefore + weightOfYear)) / _weightSum;
        return atStartOfYear + ((atEndOfYear - atStartOfYear) * (elapsed % 365 days)) / 365 days;
    }

    /// @inheritdoc ICaesarEmissions
    function curve() external view returns (uint64 start, uint256 yearCount, uint256 decayBp) {
        return (_start, _yearCount, _decayBp);
    }

    /// @dev Returns the summed weights of the years before `year`, and the weight of `year`.
    function _weights(uint256 year, uint256 decayBp) private pure returns (uint256 sum, uint256 weight) {
        weight = FIRST_WEIGHT;
        for (uint256 i = 0; i < year; ++i) {
            sum += weight;
            weight = (weight * decayBp) / BASIS_POINTS;
        }
    }
}
