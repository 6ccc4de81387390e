// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/SignerERC7913.sol";

/// @title Account with one ERC-7913 signer
/// @notice OpenZeppelin's ERC-4337 account with its ERC-7913 signer, nothing added.
contract SingleSignerAccount is Account, SignerERC7913 {
    constructor(bytes memory signer_) SignerERC7913(signer_) {}
}

/// @title Account with several ERC-7913 signers
/// @notice OpenZeppelin's ERC-4337 account with its ERC-7913 multisignature, nothing added.
contract MultiSignerAccount is Account, MultiSignerERC7913 {
    constructor(bytes[] memory signers, uint64 threshold_) MultiSignerERC7913(signers, threshold_) {}
}

/// @title Signature check
/// @notice OpenZeppelin's check of a signature by an ERC-7913 signer, exposed.
contract SignatureCheck {
    /// @notice Tells whether `signature` is one of `hash` by `signer`, a verifier's address followed by a key.
    function isValid(bytes memory signer, bytes32 hash, bytes memory signature) external view returns (bool) {
        return SignatureChecker.isValidSignatureNow(signer, hash, signature);
    }
}
