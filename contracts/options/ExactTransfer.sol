// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IOptions} from "./IOptions.sol";

/// @title ExactTransfer: money that arrives whole, or not at all
library ExactTransfer {
    using SafeERC20 for IERC20;

    /// @notice Moves `amount` from the caller, who must have approved it. All of it must arrive.
    function pull(IERC20 token, address to, uint256 amount) internal {
        uint256 before = token.balanceOf(to);
        token.safeTransferFrom(msg.sender, to, amount);
        uint256 moved = token.balanceOf(to) - before;
        if (moved != amount) revert IOptions.AmountMoved(moved, amount);
    }
}
