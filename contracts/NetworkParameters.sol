// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EntryPause} from "./EntryPause.sol";
import {Governed} from "./Governed.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract NetworkParameters is INetworkParameters, EntryPause {
    /// @dev One slot, so that reading a value costs one storage read. `effectiveAt` is never zero in a known row.
    struct Value {
        uint96 current;
        uint96 pending;
        uint64 effectiveAt;
    }

    struct Limits {
        uint96 min;
        uint96 max;
        uint64 notice;
    }

    /// @inheritdoc INetworkParameters
    uint64 public override settledAt;

    mapping(bytes32 id => Value) private _values;
    mapping(bytes32 id => Limits) private _limits;
    bytes32[] private _ids;
    Ordering[] private _orderings;

    constructor(address timelock_, Parameter[] memory rows, Ordering[] memory orderings_) Governed(timelock_) {
        for (uint256 i = 0; i < rows.length; ++i) {
            _addRow(rows[i]);
        }
        for (uint256 i = 0; i < orderings_.length; ++i) {
            _addOrdering(orderings_[i]);
        }
        _requireOrderings();
        settledAt = uint64(block.timestamp);
    }

    /// @inheritdoc INetworkParameters
    function set(bytes32 id, uint256 value) external onlyTimelock {
        _change(id, value);
        _requireOrderings();
    }

    /// @inheritdoc INetworkParameters
    function setMany(Change[] calldata changes) external onlyTimelock {
        for (uint256 i = 0; i < changes.length; ++i) {
            _change(changes[i].id, changes[i].value);
        }
        _requireOrderings();
    }

    /// @inheritdoc INetworkParameters
    function get(bytes32 id) external view returns (uint256) {
        return _valueAt(id, block.timestamp);
    }

    /// @inheritdoc INetworkParameters
    function parameter(bytes32 id) public view returns (Parameter memory) {
        Value memory value = _known(id);
        Limits memory limits = _limits[id];
        return
            Parameter({
                id: id,
                value: value.current,
                pending: value.pending,
                effectiveAt: value.effectiveAt,
                min: limits.min,
                max: limits.max,
                notice: limits.notice
            });
    }

    /// @inheritdoc INetworkParameters
    function all() external view returns (Parameter[] memory rows) {
        rows = new Parameter[](_ids.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            rows[i] = parameter(_ids[i]);
        }
    }

    /// @inheritdoc INetworkParameters
    function orderings() external view returns (Ordering[] memory) {
        return _orderings;
    }

    function _addRow(Parameter memory row) private {
        if (row.id == 0 || _values[row.id].effectiveAt != 0) revert NetworkParameters_InvalidId(row.id);
        if (row.max > type(uint96).max || row.min > row.max) {
            revert NetworkParameters_OutOfBounds(row.id, row.max, row.min, type(uint96).max);
        }
        _requireBounds(row.id, row.value, row.min, row.max);
        _ids.push(row.id);
        _limits[row.id] = Limits({min: uint96(row.min), max: uint96(row.max), notice: row.notice});
        uint96 value = uint96(row.value);
        _values[row.id] = Value({current: value, pending: value, effectiveAt: uint64(block.timestamp)});
        emit ParameterSet(row.id, 0, row.value, uint64(block.timestamp));
    }

    function _addOrdering(Ordering memory ordering) private {
        _known(ordering.bound);
        for (uint256 i = 0; i < ordering.addends.length; ++i) {
            _known(ordering.addends[i]);
        }
        _orderings.push(ordering);
    }

    function _change(bytes32 id, uint256 value) private {
        uint256 inForce = _valueAt(id, block.timestamp);
        Limits memory limits = _limits[id];
        _requireBounds(id, value, limits.min, limits.max);
        uint64 effectiveAt = uint64(block.timestamp) + limits.notice;
        if (effectiveAt > settledAt) settledAt = effectiveAt;
        _values[id] = Value({current: uint96(inForce), pending: uint96(value), effectiveAt: effectiveAt});
        emit ParameterSet(id, inForce, value, effectiveAt);
    }

    function _requireBounds(bytes32 id, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert NetworkParameters_OutOfBounds(id, value, min, max);
    }

    /// @dev Values change only when a pending one comes into force, so these moments and the present are all there is.
    function _requireOrderings() private view {
        uint256 count = _orderings.length;
        for (uint256 i = 0; i < count; ++i) {
            Ordering memory ordering = _orderings[i];
            _requireOrderingAt(ordering, block.timestamp);
            _requireOrderingAt(ordering, _values[ordering.bound].effectiveAt);
            for (uint256 j = 0; j < ordering.addends.length; ++j) {
                _requireOrderingAt(ordering, _values[ordering.addends[j]].effectiveAt);
            }
        }
    }

    function _requireOrderingAt(Ordering memory ordering, uint256 time) private view {
        if (time < block.timestamp) return;
        uint256 sum = 0;
        for (uint256 i = 0; i < ordering.addends.length; ++i) {
            sum += _valueAt(ordering.addends[i], time);
        }
        uint256 bound = _valueAt(ordering.bound, time);
        if (!_holds(sum, ordering.relation, bound)) {
            revert NetworkParameters_OrderingBroken(ordering.addends[0], ordering.bound);
        }
    }

    function _holds(uint256 sum, Relation relation, uint256 bound) private pure returns (bool) {
        if (relation == Relation.Below) return sum < bound;
        if (relation == Relation.AtMost) return sum <= bound;
        return sum == bound;
    }

    function _valueAt(bytes32 id, uint256 time) private view returns (uint256) {
        Value memory value = _known(id);
        return time < value.effectiveAt ? value.current : value.pending;
    }

    function _maxPause() internal view override returns (uint256) {
        return _valueAt(ParameterIds.MAX_PAUSE, block.timestamp);
    }

    function _known(bytes32 id) private view returns (Value memory value) {
        value = _values[id];
        if (value.effectiveAt == 0) revert NetworkParameters_UnknownParameter(id);
    }
}
