// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An account that obeys a post-quantum key only, with no ECDSA key behind it. It votes by signature (ERC-1271), and makes
/// any call that its key has signed: it can register as an operator, stake, lock MESH and hold tokens.
/// @dev The signer is an ERC-7913 signer, the address of a verifier followed by a key: MLDSA65KeyRegistry and the 32-byte
/// identifier of a registered key (cheap), or MLDSA65Verifier and the raw key of 1,952 bytes. ERC-1271 signatures are nested as
/// ERC-7739 says, so that one made for an account is none of another account with the same key.
/// Safety: the verifier is honest and stays so; there is no other way in. Warning: who loses the key loses the account.
/// Liveness: anybody sends what the key has signed, and pays the gas; gas of a verification must be left (1.1 M, raw 3.9 M).
interface IPQAccount {
    /// @notice A call that the account makes.
    /// @param target Address that is called.
    /// @param value Wei that are sent along.
    /// @param data Calldata.
    struct Call {
        address target;
        uint256 value;
        bytes data;
    }

    /// @notice Emitted when signed calls were made.
    event Executed(uint256 indexed nonce, uint256 calls);

    /// @notice Emitted when a signer was set: the address of an ERC-7913 verifier, then a key.
    event SignerSet(bytes signer);

    /// @notice Thrown when calls are sent after their deadline (Unix seconds).
    error PQAccount_Expired(uint256 deadline);

    /// @notice Thrown when a signature is not the signer's, or not over these calls, this nonce and this deadline.
    error PQAccount_InvalidSignature(uint256 nonce);

    /// @notice Thrown when the signer is changed by anybody but the account itself.
    error PQAccount_NotSelf(address caller);

    /// @notice Thrown when a signer names no verifier with code.
    error PQAccount_InvalidSigner(bytes signer);

    /// @notice Makes calls that the signer has signed, all or none. Anyone may send them.
    /// @dev Signed is the EIP-712 struct `Execute(Call[] calls,uint256 nonce,uint256 deadline)` with
    /// `Call(address target,uint256 value,bytes data)`, in the domain of this account. A nonce is good once, in order.
    /// @param calls Calls in their order.
    /// @param deadline Last moment at which they can be sent, Unix seconds.
    /// @param signature Signature by the signer.
    function execute(Call[] calldata calls, uint256 deadline, bytes calldata signature) external;

    /// @notice Replaces the signer. Only by a call of the account itself, see {execute}.
    /// @param newSigner Verifier and key from now on.
    /// @param proof Signature by the new signer over `NewSigner(bytes signer,uint256 nonce)` in the domain of this account, with the
    /// nonce after this call's: a key that nobody has cannot be set.
    function setSigner(bytes calldata newSigner, bytes calldata proof) external;

    /// @notice Returns the nonce of the next calls.
    function nonce() external view returns (uint256);
}
