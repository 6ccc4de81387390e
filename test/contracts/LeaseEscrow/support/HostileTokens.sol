// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice What a {HookedToken} calls on senders and receivers that are contracts.
interface ITokenHook {
    /// @notice Is called before and after tokens move.
    function tokensMoved() external;
}

/// @notice A token that anybody mints.
contract PlainToken is ERC20("Plain", "PLAIN") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}

/// @notice A token that burns a hundredth of what is moved.
contract TaxedToken is PlainToken {
    function _update(address from, address to, uint256 value) internal override {
        uint256 tax = from == address(0) || to == address(0) ? 0 : value / 100;
        if (tax != 0) super._update(from, address(0), tax);
        super._update(from, to, value - tax);
    }
}

/// @notice A token that calls sender and receiver around each move, as ERC-777 does.
contract HookedToken is PlainToken {
    function _update(address from, address to, uint256 value) internal override {
        _call(from);
        super._update(from, to, value);
        _call(to);
    }

    function _call(address account) private {
        if (account.code.length == 0) return;
        try ITokenHook(account).tokensMoved() {} catch {}
    }
}

/// @notice A token that does what a test says: blocks accounts, returns false or nothing, or lies about permits.
contract MoodyToken is PlainToken {
    /// @notice What `transfer` and `transferFrom` do.
    enum Mood {
        Honest,
        ReturnsFalse,
        MovesNothing,
        ReturnsNothing
    }

    /// @notice Thrown when an account is blocked.
    error Blocked();

    Mood public mood;
    mapping(address account => bool) public isBlocked;

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    function setBlocked(address account, bool isBlocked_) external {
        isBlocked[account] = isBlocked_;
    }

    /// @dev Says that it did, and does nothing.
    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {}

    function transfer(address to, uint256 value) public override returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        _spendAllowance(from, msg.sender, value);
        return _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        if (isBlocked[from] || isBlocked[to]) revert Blocked();
        if (mood == Mood.ReturnsFalse) return false;
        if (mood == Mood.MovesNothing) return true;
        _transfer(from, to, value);
        if (mood == Mood.ReturnsNothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }
}

/// @notice A wallet whose every signature is valid, and that makes the calls it was given whenever its tokens move.
contract HookWallet is ITokenHook {
    /// @notice What the wallet does when it is asked for a signature.
    enum Answer {
        Yes,
        No,
        BurnGas
    }

    Answer public answer;
    address[] private _targets;
    bytes[] private _calls;
    uint256 public succeeded;
    uint256 public refused;

    function setAnswer(Answer answer_) external {
        answer = answer_;
    }

    function plan(address target, bytes calldata data) external {
        _targets.push(target);
        _calls.push(data);
    }

    function tokensMoved() external {
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool isDone, ) = _targets[i].call(_calls[i]);
            if (isDone) ++succeeded;
            else ++refused;
        }
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (answer == Answer.BurnGas) while (gasleft() > 1_000) {}
        return answer == Answer.Yes ? this.isValidSignature.selector : bytes4(0);
    }
}
