// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {SignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/SignerERC7913.sol";
import {IPQAccount} from "./interfaces/IPQAccount.sol";

contract PQAccount is IPQAccount, ERC7739, SignerERC7913 {
    bytes32 private constant CALL_TYPEHASH = keccak256("Call(address target,uint256 value,bytes data)");
    bytes32 private constant EXECUTE_TYPEHASH = keccak256(
        "Execute(Call[] calls,uint256 nonce,uint256 deadline)Call(address target,uint256 value,bytes data)"
    );
    bytes32 private constant NEW_SIGNER_TYPEHASH = keccak256("NewSigner(bytes signer,uint256 nonce)");

    /// @inheritdoc IPQAccount
    uint256 public override nonce;

    constructor(bytes memory signer_) EIP712("PQAccount", "1") SignerERC7913(signer_) {
        _requireVerifier(signer_);
        emit SignerSet(signer_);
    }

    /// @notice Takes ether.
    receive() external payable {}

    /// @inheritdoc IPQAccount
    function execute(Call[] calldata calls, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert PQAccount_Expired(deadline);
        uint256 used = nonce++;
        bytes32 order = keccak256(abi.encode(EXECUTE_TYPEHASH, _hashCalls(calls), used, deadline));
        if (!_rawSignatureValidation(_hashTypedDataV4(order), signature)) revert PQAccount_InvalidSignature(used);
        emit Executed(used, calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory result) = calls[i].target.call{value: calls[i].value}(calls[i].data);
            Address.verifyCallResult(success, result);
        }
    }

    /// @inheritdoc IPQAccount
    function setSigner(bytes calldata newSigner, bytes calldata proof) external {
        if (msg.sender != address(this)) revert PQAccount_NotSelf(msg.sender);
        _requireVerifier(newSigner);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(NEW_SIGNER_TYPEHASH, keccak256(newSigner), nonce)));
        if (!SignatureChecker.isValidSignatureNow(newSigner, digest, proof)) revert PQAccount_InvalidSignature(nonce);
        _setSigner(newSigner);
        emit SignerSet(newSigner);
    }

    function _hashCalls(Call[] calldata calls) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            hashes[i] = keccak256(abi.encode(CALL_TYPEHASH, call.target, call.value, keccak256(call.data)));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _requireVerifier(bytes memory signer_) private view {
        if (signer_.length < 21 || address(bytes20(signer_)).code.length == 0) {
            revert PQAccount_InvalidSigner(signer_);
        }
    }
}
