// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ITestStablecoin} from "../interfaces/ITestStablecoin.sol";

contract TestStablecoin is ITestStablecoin, ERC20, ERC20Permit {
    uint256 private constant DEVNET_CHAIN_ID = 31337;

    /// @inheritdoc ITestStablecoin
    address public immutable override minter;

    constructor(address minter_) ERC20("Test Dollar", "TUSD") ERC20Permit("Test Dollar") {
        if (block.chainid != DEVNET_CHAIN_ID) revert TestStablecoin_WrongChain(block.chainid);
        minter = minter_;
    }

    /// @inheritdoc ITestStablecoin
    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert TestStablecoin_NotMinter(msg.sender, minter);
        _mint(to, amount);
    }

    /// @notice Returns the number of decimals: 6, as the common stablecoins have.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
