// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {IPQAccount} from "../../../contracts/interfaces/IPQAccount.sol";
import {PQAccount} from "../../../contracts/PQAccount.sol";
import {bounded, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Signatures by decree: a signature is the hash of a secret, the key and what is signed.
contract SecretVerifier is IERC7913SignatureVerifier {
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool isValid = keccak256(signature) == keccak256(signed(key, hash));
        return isValid ? IERC7913SignatureVerifier.verify.selector : bytes4(0xffffffff);
    }

    function signed(bytes memory key, bytes32 hash) public view returns (bytes memory) {
        return abi.encode(keccak256(abi.encode(address(this), key, hash)));
    }
}

/// @notice Orders of an account with a post-quantum key: sent by anybody, altered, repeated and late.
contract PQAccountTest is SolidityTest {
    bytes private constant KEY = "a key of thirty-two bytes or so.";

    SecretVerifier private _verifier;
    PQAccount private _account;
    uint256 private _pokes;

    function setUp() public {
        _verifier = new SecretVerifier();
        _account = new PQAccount(abi.encodePacked(address(_verifier), KEY));
    }

    /// @notice What the account is told to call.
    function poke(uint256 by) external {
        _true(msg.sender == address(_account), "called by the account");
        _pokes += by;
    }

    function test_ordersAreCarriedOutOnce(uint8 calls, uint96 by, uint32 wait) public {
        IPQAccount.Call[] memory order = _order(bounded(calls, 1, 5), by);
        uint256 deadline = block.timestamp + wait;
        for (uint256 turn = 0; turn < 3; ++turn) {
            bytes memory signature = _sign(order, turn, deadline);
            _account.execute(order, deadline, signature);
            _equal(_pokes, (turn + 1) * order.length * uint256(by), "calls made");
            _refused(order, deadline, signature);
        }
        CHEATS.warp(deadline + 1);
        bytes memory late = _sign(order, 3, deadline);
        _refused(order, deadline, late);
        _equal(_account.nonce(), 3, "orders");
    }

    function test_nothingElseIsCarriedOut(uint96 by, uint96 other, uint8 what) public {
        CHEATS.assume(by != other);
        IPQAccount.Call[] memory order = _order(2, by);
        uint256 deadline = block.timestamp + 100;
        bytes memory signature = _sign(order, 0, deadline);
        what %= 6;
        if (what == 0) order[1].data = abi.encodeCall(this.poke, (other));
        else if (what == 1) order[1].target = address(_verifier);
        else if (what == 2) order[1].value = 1;
        else if (what == 3) order = _order(1, by);
        else if (what == 4) deadline += 1;
        else signature = _sign(order, 1, deadline);
        _refused(order, deadline, signature);
        _equal(_pokes, 0, "calls made");
    }

    function test_ordersOfAnotherAccountAreRefused(uint96 by) public {
        PQAccount twin = new PQAccount(abi.encodePacked(address(_verifier), KEY));
        IPQAccount.Call[] memory order = _order(1, by);
        bytes memory signature = _sign(order, 0, block.timestamp);
        CHEATS.expectRevert(abi.encodeWithSelector(IPQAccount.PQAccount_InvalidSignature.selector, 0));
        twin.execute(order, block.timestamp, signature);
        _account.execute(order, block.timestamp, signature);
    }

    function _refused(IPQAccount.Call[] memory order, uint256 deadline, bytes memory signature) private {
        uint256 before = _account.nonce();
        try _account.execute(order, deadline, signature) {
            _true(false, "refused");
        } catch {}
        _equal(_account.nonce(), before, "nonce");
    }

    function _order(uint256 calls, uint256 by) private view returns (IPQAccount.Call[] memory order) {
        order = new IPQAccount.Call[](calls);
        for (uint256 i = 0; i < calls; ++i) {
            order[i] = IPQAccount.Call({target: address(this), value: 0, data: abi.encodeCall(this.poke, (by))});
        }
    }

    function _sign(
        IPQAccount.Call[] memory order,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes memory) {
        bytes32[] memory hashes = new bytes32[](order.length);
        for (uint256 i = 0; i < order.length; ++i) {
            hashes[i] = keccak256(
                abi.encode(
                    keccak256("Call(address target,uint256 value,bytes data)"),
                    order[i].target,
                    order[i].value,
                    keccak256(order[i].data)
                )
            );
        }
        bytes32 orderType = keccak256(
            "Execute(Call[] calls,uint256 nonce,uint256 deadline)Call(address target,uint256 value,bytes data)"
        );
        bytes32 message = keccak256(abi.encode(orderType, keccak256(abi.encodePacked(hashes)), nonce, deadline));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("PQAccount"),
                keccak256("1"),
                block.chainid,
                address(_account)
            )
        );
        return _verifier.signed(KEY, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }
}
