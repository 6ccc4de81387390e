// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governed} from "./Governed.sol";
import {IAdmittedIdentities} from "./interfaces/IAdmittedIdentities.sol";
import {IIdentityGate} from "./interfaces/IIdentityGate.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";

contract AdmittedIdentities is IAdmittedIdentities, Governed {
    /// @dev One slot.
    struct Voter {
        address account;
        uint48 expiresAt;
    }

    /// @dev Smallest nullifier of a voter; every operator's identity is below.
    uint256 private constant FIRST_NULLIFIER = 1 << 32;

    INodeRegistry private immutable _registry;

    /// @inheritdoc IAdmittedIdentities
    mapping(uint32 identityId => bool) public override isSuspended;

    mapping(uint256 nullifier => Voter) private _voters;
    mapping(address account => uint256 nullifier) private _nullifierOf;

    constructor(INodeRegistry registry, address timelock_) Governed(timelock_) {
        if (address(registry) == address(0)) revert Governed_ZeroAddress("registry");
        _registry = registry;
    }

    // Voters

    /// @inheritdoc IAdmittedIdentities
    function admit(address account, uint256 nullifier, uint48 expiresAt) external onlyTimelock {
        _admit(account, nullifier, expiresAt);
    }

    /// @inheritdoc IAdmittedIdentities
    function admitMany(Admission[] calldata admissions) external onlyTimelock {
        for (uint256 i = 0; i < admissions.length; ++i) {
            _admit(admissions[i].account, admissions[i].nullifier, admissions[i].expiresAt);
        }
    }

    /// @inheritdoc IAdmittedIdentities
    function revoke(uint256 nullifier) external onlyTimelock {
        address account = _voters[nullifier].account;
        if (account == address(0)) revert AdmittedIdentities_NotAdmitted(nullifier);
        delete _voters[nullifier];
        delete _nullifierOf[account];
        emit VoterRevoked(nullifier, account);
    }

    // Operators

    /// @inheritdoc IAdmittedIdentities
    function suspend(uint32 identityId) external onlyTimelock {
        if (identityId == 0 || identityId > _registry.identityCount()) {
            revert AdmittedIdentities_UnknownOperator(identityId);
        }
        _setSuspended(identityId, true);
        emit OperatorSuspended(identityId);
    }

    /// @inheritdoc IAdmittedIdentities
    function release(uint32 identityId) external onlyTimelock {
        _setSuspended(identityId, false);
        emit OperatorReleased(identityId);
    }

    // Views

    /// @inheritdoc IIdentityGate
    function identityOf(address account) external view returns (uint256) {
        uint32 identityId = _registry.identityOf(account);
        if (identityId != 0) return isSuspended[identityId] ? 0 : identityId;
        uint256 nullifier = _nullifierOf[account];
        return block.timestamp < _voters[nullifier].expiresAt ? nullifier : 0;
    }

    /// @inheritdoc IIdentityGate
    function accountOf(uint256 identity) external view returns (address) {
        if (identity < FIRST_NULLIFIER) return _ownerOf(uint32(identity));
        Voter memory voter = _voters[identity];
        bool isVoter = block.timestamp < voter.expiresAt && _registry.identityOf(voter.account) == 0;
        return isVoter ? voter.account : address(0);
    }

    /// @inheritdoc IAdmittedIdentities
    function admissionOf(uint256 nullifier) external view returns (Admission memory) {
        Voter memory voter = _voters[nullifier];
        if (voter.account == address(0)) nullifier = 0;
        return Admission({account: voter.account, nullifier: nullifier, expiresAt: voter.expiresAt});
    }

    // Internal

    function _admit(address account, uint256 nullifier, uint48 expiresAt) private {
        if (account == address(0)) revert Governed_ZeroAddress("account");
        if (nullifier < FIRST_NULLIFIER) revert AdmittedIdentities_InvalidNullifier(nullifier, FIRST_NULLIFIER);
        if (expiresAt <= block.timestamp) revert AdmittedIdentities_AlreadyExpired(expiresAt, block.timestamp);
        uint32 identityId = _registry.identityOf(account);
        if (identityId != 0) revert AdmittedIdentities_IsOperator(account, identityId);
        uint256 held = _nullifierOf[account];
        if (held != 0 && held != nullifier) revert AdmittedIdentities_AccountTaken(account, held);
        delete _nullifierOf[_voters[nullifier].account];
        _nullifierOf[account] = nullifier;
        _voters[nullifier] = Voter({account: account, expiresAt: expiresAt});
        emit VoterAdmitted(nullifier, account, expiresAt);
    }

    function _setSuspended(uint32 identityId, bool suspended) private {
        if (isSuspended[identityId] == suspended) {
            revert AdmittedIdentities_SuspensionUnchanged(identityId, suspended);
        }
        isSuspended[identityId] = suspended;
    }

    /// @dev Returns the owner of an operator that exists and is not suspended.
    function _ownerOf(uint32 identityId) private view returns (address) {
        bool isOperator = identityId != 0 && identityId <= _registry.identityCount() && !isSuspended[identityId];
        return isOperator ? _registry.operatorOf(identityId).owner : address(0);
    }
}
