// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "./Governed.sol";
import {ICaesarEmissions} from "./interfaces/ICaesarEmissions.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract CaesarEmissions is ICaesarEmissions, Governed {
    using SafeERC20 for IERC20;

    /// @dev One slot. `clock` counts basis points of seconds of the curve.
    struct Progress {
        uint64 accruedUntil;
        uint64 clock;
        uint128 emitted;
    }

    uint256 private constant MAX_YEARS = 20;
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev A year of the clock.
    uint256 private constant YEAR = 365 days * BASIS_POINTS;
    /// @dev Weight of the first year; large, so that decaying it 20 times keeps all its digits that matter.
    uint256 private constant FIRST_WEIGHT = 1e36;

    /// @inheritdoc ICaesarEmissions
    uint256 public constant override bucket = 400_000_000e18;

    INetworkParameters private immutable _parameters;
    address private immutable _deployer;
    uint64 private immutable _start;
    uint256 private immutable _yearCount;
    uint256 private immutable _decayBp;
    uint256 private immutable _weightSum;

    /// @inheritdoc ICaesarEmissions
    address public override token;

    /// @inheritdoc ICaesarEmissions
    address public override distributor;

    Progress private _progress;

    /// @inheritdoc ICaesarEmissions
    mapping(address distributor_ => uint256) public override creditOf;

    /// @dev Every distributor there ever was, each once.
    address[] private _distributors;

    constructor(
        address timelock_,
        INetworkParameters parameters,
        uint64 start,
        uint256 yearCount,
        uint256 decayBp
    ) Governed(timelock_) {
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        if (yearCount == 0 || yearCount > MAX_YEARS || decayBp == 0 || decayBp > BASIS_POINTS) {
            revert CaesarEmissions_InvalidCurve(yearCount, decayBp);
        }
        _parameters = parameters;
        _deployer = msg.sender;
        _start = start;
        _yearCount = yearCount;
        _decayBp = decayBp;
        (_weightSum, ) = _weights(yearCount, decayBp);
        _progress.accruedUntil = start;
        emit CurveSet(start, yearCount, decayBp);
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
        for (uint256 i = 0; i < _distributors.length; ++i) {
            if (_distributors[i] == newDistributor) return;
        }
        _distributors.push(newDistributor);
    }

    /// @inheritdoc ICaesarEmissions
    function accrue(uint64 until, uint64 workedSeconds) external returns (uint256 amount) {
        if (msg.sender != distributor) revert CaesarEmissions_NotDistributor(msg.sender, distributor);
        Progress memory progress_ = _progress;
        if (until > block.timestamp) {
            revert CaesarEmissions_InvalidTime(until, progress_.accruedUntil, uint64(block.timestamp));
        }
        if (until < progress_.accruedUntil) return 0;
        uint256 elapsed = until - progress_.accruedUntil;
        uint256 counted = workedSeconds < elapsed ? workedSeconds : elapsed;
        uint256 paceBp = _paceAt(progress_.accruedUntil);
        progress_.accruedUntil = until;
        progress_.clock += uint64(counted * paceBp);
        amount = _emittedAfter(progress_.clock) - progress_.emitted;
        progress_.emitted += uint128(amount);
        _progress = progress_;
        creditOf[msg.sender] += amount;
        emit EmissionsAccrued(msg.sender, until, uint64(counted), paceBp, amount, progress_.emitted);
    }

    /// @inheritdoc ICaesarEmissions
    function release(address receiver, uint256 amount) external {
        uint256 credit = creditOf[msg.sender];
        if (amount > credit) revert CaesarEmissions_InsufficientCredit(msg.sender, amount, credit);
        unchecked {
            // Just compared.
            credit -= amount;
        }
        creditOf[msg.sender] = credit;
        emit EmissionsReleased(msg.sender, receiver, amount, credit);
        IERC20(token).safeTransfer(receiver, amount);
    }

    /// @inheritdoc ICaesarEmissions
    function emittedBy(uint64 time) external view returns (uint256) {
        return time <= _start ? 0 : _emittedAfter((time - _start) * BASIS_POINTS);
    }

    /// @inheritdoc ICaesarEmissions
    function emitted() external view returns (uint256) {
        return _progress.emitted;
    }

    /// @inheritdoc ICaesarEmissions
    function released() external view returns (uint256 sum) {
        sum = _progress.emitted;
        for (uint256 i = 0; i < _distributors.length; ++i) {
            sum -= creditOf[_distributors[i]];
        }
    }

    /// @inheritdoc ICaesarEmissions
    function progress() external view returns (uint64 accruedUntil, uint64 clockSeconds) {
        return (_progress.accruedUntil, _progress.clock / uint64(BASIS_POINTS));
    }

    /// @inheritdoc ICaesarEmissions
    function curve() external view returns (uint64 start, uint256 yearCount, uint256 decayBp) {
        return (_start, _yearCount, _decayBp);
    }

    /// @dev Returns what the curve emits until its clock shows a time.
    function _emittedAfter(uint256 clock) private view returns (uint256) {
        uint256 year = clock / YEAR;
        if (year >= _yearCount) return bucket;
        (uint256 weightBefore, uint256 weightOfYear) = _weights(year, _decayBp);
        uint256 atStartOfYear = (bucket * weightBefore) / _weightSum;
        uint256 atEndOfYear = (bucket * (weightBefore + weightOfYear)) / _weightSum;
        return atStartOfYear + ((atEndOfYear - atStartOfYear) * (clock % YEAR)) / YEAR;
    }

    /// @dev Returns the pace in force at a time, as far back as the newest change.
    function _paceAt(uint256 time) private view returns (uint256) {
        INetworkParameters.Parameter memory pace = _parameters.parameter(ParameterIds.EMISSION_PACE_BP);
        return time < pace.effectiveAt ? pace.value : pace.pending;
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
