// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IMeshToken} from "./interfaces/IMeshToken.sol";

contract MeshToken is IMeshToken, ERC20, ERC20Permit, ERC20Votes {
    uint256 private constant SUPPLY = 1_000_000_000e18;

    constructor(
        address emissions,
        address team,
        address investors,
        address treasury
    ) ERC20("PQMesh", "MESH") ERC20Permit("PQMesh") {
        uint256 operatorsShare = (SUPPLY * 40) / 100;
        uint256 otherShare = (SUPPLY * 20) / 100;
        _mintShare(emissions, operatorsShare);
        _mintShare(team, otherShare);
        _mintShare(investors, otherShare);
        _mintShare(treasury, otherShare);
        emit GenesisSplit(emissions, team, investors, treasury, operatorsShare, otherShare, otherShare, otherShare);
    }

    /// @notice Returns the time in Unix seconds, which vote checkpoints are keyed by (ERC-6372).
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice Describes the clock (ERC-6372).
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function _mintShare(address receiver, uint256 amount) private {
        if (receiver == address(0) || balanceOf(receiver) != 0) revert MeshToken_InvalidReceiver(receiver);
        _mint(receiver, amount);
    }
}
