// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "./Governed.sol";
import {IIdentityGate} from "./interfaces/IIdentityGate.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IQuadraticVotes} from "./interfaces/IQuadraticVotes.sol";
import {AgedBalance, AgedBalances} from "./libraries/AgedBalances.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract QuadraticVotes is IQuadraticVotes, Votes, Governed {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Two slots.
    struct LockRecord {
        AgedBalance balance;
        uint96 unlocking;
        uint48 maturesAt;
    }

    /// @dev One slot, which every fall of a stake reads. `operatorMinimum` is `minNodeStake` in 2^40 wei, rounded down.
    struct Terms {
        INodeStaking staking;
        uint40 ageRamp;
        uint56 operatorMinimum;
    }

    /// @dev `since` of an identity that is not certified.
    uint48 private constant NOT_HELD = type(uint48).max;
    /// @dev Identities below are operators'.
    uint256 private constant FIRST_NULLIFIER = 1 << 32;

    IERC20 private immutable _token;
    INetworkParameters private immutable _parameters;
    address private immutable _deployer;

    /// @inheritdoc IQuadraticVotes
    IIdentityGate public override gate;

    /// @inheritdoc IQuadraticVotes
    uint256 public override totalLocked;

    /// @inheritdoc IQuadraticVotes
    uint256 public override syncBudget;

    /// @inheritdoc IQuadraticVotes
    mapping(address account => uint256 identity) public override recordedIdentityOf;

    Terms private _terms;
    mapping(uint256 identity => Holding) private _holdings;
    mapping(address account => LockRecord) private _locks;

    constructor(
        IERC20 token,
        INetworkParameters parameters,
        IIdentityGate gate_,
        address timelock_
    ) EIP712("PQMesh QuadraticVotes", "1") Governed(timelock_) {
        if (address(token) == address(0)) revert Governed_ZeroAddress("token");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _token = token;
        _parameters = parameters;
        _deployer = msg.sender;
        _setGate(gate_);
    }

    /// @inheritdoc IQuadraticVotes
    function bindStaking(address staking_) external {
        bool isOpen = msg.sender == _deployer && address(_terms.staking) == address(0);
        if (!isOpen) revert Governed_BindingClosed(msg.sender);
        if (staking_ == address(0)) revert Governed_ZeroAddress("staking");
        _terms.staking = INodeStaking(staking_);
        _refreshTerms();
        emit StakingBound(staking_);
    }

    /// @inheritdoc IQuadraticVotes
    function setGate(IIdentityGate gate_) external onlyTimelock {
        _setGate(gate_);
    }

    /// @inheritdoc IQuadraticVotes
    function stakeLowered(uint32 identityId, AgedBalance stake) external {
        Terms memory terms = _terms;
        if (msg.sender != address(terms.staking)) revert QuadraticVotes_NotStaking(msg.sender);
        Holding memory holding = _holdings[identityId];
        if (holding.units == 0) return;
        uint256 agedLock = _locks[holding.account].balance.aged(terms.ageRamp);
        _lower(identityId, holding, stake.aged(terms.ageRamp) + agedLock, terms);
    }

    // Locks

    /// @inheritdoc IQuadraticVotes
    function lock(uint256 amount) external {
        _lock(amount);
    }

    /// @inheritdoc IQuadraticVotes
    function lockWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(_token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _lock(amount);
    }

    /// @inheritdoc IQuadraticVotes
    function requestUnlock(uint256 amount) external {
        LockRecord storage record = _locks[msg.sender];
        AgedBalance balance = record.balance;
        uint256 available = balance.amount();
        if (amount == type(uint256).max) amount = available;
        if (amount == 0) revert QuadraticVotes_ZeroAmount();
        if (amount > available) revert QuadraticVotes_InsufficientLock(amount, available);
        balance = balance.minus(amount);
        record.balance = balance;
        uint96 unlocking = record.unlocking + uint96(amount);
        uint48 maturesAt = uint48(block.timestamp + _parameters.get(ParameterIds.VOTE_UNLOCK_DELAY));
        record.unlocking = unlocking;
        record.maturesAt = maturesAt;
        emit UnlockRequested(msg.sender, amount, balance.amount(), unlocking, maturesAt);
        uint256 identity = recordedIdentityOf[msg.sender];
        Holding memory holding = _holdings[identity];
        if (holding.units == 0) return;
        Terms memory terms = _terms;
        _lower(identity, holding, _agedStakeOf(identity, terms) + balance.aged(terms.ageRamp), terms);
    }

    /// @inheritdoc IQuadraticVotes
    function withdraw() external returns (uint256 amount) {
        LockRecord storage record = _locks[msg.sender];
        amount = record.unlocking;
        if (amount == 0 || block.timestamp < record.maturesAt) {
            revert QuadraticVotes_NothingMatured(record.maturesAt);
        }
        record.unlocking = 0;
        record.maturesAt = 0;
        totalLocked -= amount;
        emit Withdrawn(msg.sender, amount);
        _token.safeTransfer(msg.sender, amount);
    }

    // Units

    /// @inheritdoc IQuadraticVotes
    function sync(uint256 identity) external returns (uint256 units) {
        bool wasTaken;
        (units, wasTaken) = _sync(identity, _refreshTerms());
        if (wasTaken) _reward(1);
    }

    /// @inheritdoc IQuadraticVotes
    function syncMany(uint256[] calldata identities) external {
        Terms memory terms = _refreshTerms();
        uint256 taken = 0;
        for (uint256 i = 0; i < identities.length; ++i) {
            (, bool wasTaken) = _sync(identities[i], terms);
            if (wasTaken) ++taken;
        }
        if (taken != 0) _reward(taken);
    }

    /// @inheritdoc IQuadraticVotes
    function fundSyncRewards(uint256 amount) external {
        if (amount == 0) revert QuadraticVotes_ZeroAmount();
        syncBudget += amount;
        emit SyncRewardsFunded(msg.sender, amount);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    // Views

    /// @inheritdoc IQuadraticVotes
    function votesAt(address account, uint256 timepoint) external view returns (uint256) {
        uint256 identity = gate.identityOf(account);
        if (identity == 0) return 0;
        Holding memory holding = _holdings[identity];
        if (holding.account != account || holding.since > timepoint) return 0;
        return getPastVotes(account, timepoint);
    }

    /// @inheritdoc IQuadraticVotes
    function holdingOf(uint256 identity) external view returns (Holding memory) {
        return _holdings[identity];
    }

    /// @inheritdoc IQuadraticVotes
    function unitsAfterSync(uint256 identity) external view returns (uint256) {
        address account = gate.accountOf(identity);
        if (account == address(0)) return 0;
        Terms memory terms = _termsInForce();
        uint256 agedMesh = _agedStakeOf(identity, terms) + _locks[account].balance.aged(terms.ageRamp);
        return _unitsOf(identity, Math.min(agedMesh, _parameters.get(ParameterIds.VOTE_CAP)), terms);
    }

    /// @inheritdoc IQuadraticVotes
    function lockOf(address account) external view returns (Lock memory) {
        LockRecord storage record = _locks[account];
        uint96 amount = uint96(record.balance.amount());
        return Lock({amount: amount, unlocking: record.unlocking, maturesAt: record.maturesAt});
    }

    /// @inheritdoc IQuadraticVotes
    function staking() external view returns (address) {
        return address(_terms.staking);
    }

    /// @inheritdoc IQuadraticVotes
    function balanceOf(address account) external view returns (uint256) {
        return _getVotingUnits(account);
    }

    /// @inheritdoc IQuadraticVotes
    function totalSupply() external view returns (uint256) {
        return _getTotalSupply();
    }

    /// @inheritdoc IQuadraticVotes
    function name() external pure returns (string memory) {
        return "PQMesh Quadratic Votes";
    }

    /// @inheritdoc IQuadraticVotes
    function symbol() external pure returns (string memory) {
        return "vMESH";
    }

    /// @inheritdoc IQuadraticVotes
    function decimals() external pure returns (uint8) {
        return 9;
    }

    /// @notice Returns whom an account's units vote for: itself until it delegates, and again after it delegated to zero.
    function delegates(address account) public view override(Votes, IVotes) returns (address) {
        if (account == address(0)) return account;
        address delegatee = super.delegates(account);
        return delegatee == address(0) ? account : delegatee;
    }

    /// @notice Returns the time in Unix seconds, which vote checkpoints are keyed by (ERC-6372).
    function clock() public view override(Votes, IERC6372) returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice Describes the clock (ERC-6372).
    function CLOCK_MODE() public pure override(Votes, IERC6372) returns (string memory) {
        return "mode=timestamp";
    }

    // Internal

    function _setGate(IIdentityGate gate_) private {
        if (address(gate_) == address(0)) revert Governed_ZeroAddress("gate");
        gate = gate_;
        emit GateSet(address(gate_));
    }

    function _lock(uint256 amount) private {
        if (amount == 0) revert QuadraticVotes_ZeroAmount();
        if (gate.identityOf(msg.sender) == 0) revert QuadraticVotes_NotCertified(msg.sender);
        AgedBalance balance = _locks[msg.sender].balance;
        if (balance.isOver()) balance = balance.begun(_refreshTerms().ageRamp);
        balance = balance.plus(amount);
        _locks[msg.sender].balance = balance;
        totalLocked += amount;
        emit Locked(msg.sender, amount, balance.amount());
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @dev Delegating to zero is delegating to oneself. A delegate is recorded with its identity, so that what it is given
    /// counts from the next snapshot on.
    function _delegate(address account, address delegatee) internal override {
        if (delegatee == address(0)) delegatee = account;
        if (delegatee != account) {
            uint256 identity = gate.identityOf(delegatee);
            if (identity == 0) revert QuadraticVotes_DelegateNotCertified(delegatee);
            _sync(identity, _refreshTerms());
        }
        super._delegate(account, delegatee);
    }

    /// @dev Returns the units after it, and whether units of an identity were taken that is not certified any more.
    function _sync(uint256 identity, Terms memory terms) private returns (uint256 units, bool wasTaken) {
        address account = gate.accountOf(identity);
        Holding memory holding = _holdings[identity];
        if (account == address(0)) {
            wasTaken = holding.units != 0;
            if (holding.account != address(0) && holding.since != NOT_HELD) _suspend(identity, holding);
            return (0, wasTaken);
        }
        if (holding.account != account) _move(identity, holding, account);
        if (holding.since == NOT_HELD) {
            holding.since = clock();
            emit IdentityHeld(identity, account);
        }
        uint256 agedMesh = _locks[account].balance.aged(terms.ageRamp);
        if (_isOperator(identity)) agedMesh += terms.staking.trackStake(uint32(identity), terms.ageRamp);
        units = _unitsOf(identity, Math.min(agedMesh, _parameters.get(ParameterIds.VOTE_CAP)), terms);
        _setUnits(identity, holding, units);
    }

    /// @dev Takes an identity's units while it is not certified; its account stays recorded.
    function _suspend(uint256 identity, Holding memory holding) private {
        holding.since = NOT_HELD;
        _setUnits(identity, holding, 0);
        emit IdentityReleased(identity, holding.account);
    }

    /// @dev Records an identity with another account, which loses the one that it had.
    function _move(uint256 identity, Holding memory holding, address account) private {
        uint256 previous = recordedIdentityOf[account];
        if (previous != 0) _release(previous, _holdings[previous]);
        if (holding.account != address(0)) _release(identity, holding);
        recordedIdentityOf[account] = identity;
        holding.account = account;
        holding.since = NOT_HELD;
    }

    /// @dev Ends the record of an identity with its account.
    function _release(uint256 identity, Holding memory holding) private {
        if (holding.since != NOT_HELD) _suspend(identity, holding);
        delete recordedIdentityOf[holding.account];
        delete _holdings[identity];
    }

    /// @dev Leaves the cap to {sync}: units above it were given before it fell.
    function _lower(uint256 identity, Holding memory holding, uint256 agedMesh, Terms memory terms) private {
        uint256 units = _unitsOf(identity, agedMesh, terms);
        if (units < holding.units) _setUnits(identity, holding, units);
    }

    /// @dev Stores a holding with other units. MESH wei of one identity have 90 bits, so that their root has 45.
    function _setUnits(uint256 identity, Holding memory holding, uint256 units) private {
        uint256 before = holding.units;
        holding.units = uint48(units);
        _holdings[identity] = holding;
        if (units == before) return;
        emit UnitsChanged(identity, units);
        if (units > before) _transferVotingUnits(address(0), holding.account, units - before);
        else _transferVotingUnits(holding.account, address(0), before - units);
    }

    /// @dev Pays the caller for taking units away, as often as the budget allows.
    function _reward(uint256 count) private {
        uint256 reward = _parameters.get(ParameterIds.VOTE_SYNC_REWARD);
        uint256 amount = reward * count;
        if (amount > syncBudget) amount = syncBudget - (syncBudget % reward);
        if (amount == 0) return;
        syncBudget -= amount;
        emit SyncRewarded(msg.sender, amount);
        _token.safeTransfer(msg.sender, amount);
    }

    /// @dev Keeps the terms in force, for calls that must not ask for them.
    function _refreshTerms() private returns (Terms memory terms) {
        terms = _termsInForce();
        Terms memory kept = _terms;
        bool isCurrent = terms.ageRamp == kept.ageRamp && terms.operatorMinimum == kept.operatorMinimum;
        if (!isCurrent) _terms = terms;
    }

    function _termsInForce() private view returns (Terms memory) {
        return
            Terms({
                staking: _terms.staking,
                ageRamp: _parameters.get(ParameterIds.VOTE_AGE_RAMP).toUint40(),
                operatorMinimum: (_parameters.get(ParameterIds.MIN_NODE_STAKE) >> AgedBalances.GRAIN_BITS).toUint56()
            });
    }

    function _agedStakeOf(uint256 identity, Terms memory terms) private view returns (uint256) {
        return _isOperator(identity) ? terms.staking.agedStakeOf(uint32(identity), terms.ageRamp) : 0;
    }

    /// @dev Operators register as they please: with less than a node needs they have no units, so that many poor ones gain
    /// little over one rich one.
    function _unitsOf(uint256 identity, uint256 agedMesh, Terms memory terms) private pure returns (uint256) {
        if (_isOperator(identity) && agedMesh >> AgedBalances.GRAIN_BITS < terms.operatorMinimum) return 0;
        return Math.sqrt(agedMesh);
    }

    function _isOperator(uint256 identity) private pure returns (bool) {
        return identity < FIRST_NULLIFIER;
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _holdings[recordedIdentityOf[account]].units;
    }
}
