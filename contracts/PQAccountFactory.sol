// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IMLDSAKeyRegistry} from "./interfaces/IMLDSAKeyRegistry.sol";
import {IPQAccountFactory} from "./interfaces/IPQAccountFactory.sol";
import {PQAccount} from "./PQAccount.sol";

contract PQAccountFactory is IPQAccountFactory {
    IMLDSAKeyRegistry private immutable _keys;

    constructor(IMLDSAKeyRegistry keys) {
        _keys = keys;
    }

    /// @inheritdoc IPQAccountFactory
    function create(bytes calldata publicKey) external returns (address account) {
        bytes32 keyId = keccak256(publicKey);
        account = accountOf(keyId);
        if (account.code.length > 0) revert PQAccountFactory_AccountKnown(account);
        if (!_keys.isRegistered(keyId)) _keys.register(publicKey);
        emit AccountCreated(account, keyId);
        new PQAccount{salt: 0}(_signer(keyId));
    }

    /// @inheritdoc IPQAccountFactory
    function accountOf(bytes32 keyId) public view returns (address account) {
        bytes memory code = abi.encodePacked(type(PQAccount).creationCode, abi.encode(_signer(keyId)));
        return Create2.computeAddress(0, keccak256(code));
    }

    /// @dev An ERC-7913 signer: verifier, then key.
    function _signer(bytes32 keyId) private view returns (bytes memory) {
        return abi.encodePacked(address(_keys), keyId);
    }
}
