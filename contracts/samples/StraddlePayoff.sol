// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {IPayoff} from "./IPayoff.sol";

/// @title StraddlePayoff: a sample payoff, of how far the price has gone
/// @notice Pays the distance of the price from `CENTRE` in either direction, up to `REACH`, as a part of the amount.
contract StraddlePayoff is IPayoff {
    int256 public immutable CENTRE;
    uint256 public immutable REACH;

    /// @param centre In the feed's decimals, as `reach` is.
    /// @param reach From here on the whole amount is paid; above 0.
    constructor(int256 centre, uint256 reach) {
        (CENTRE, REACH) = (centre, reach);
    }

    /// @inheritdoc IPayoff
    function most(uint256 amount) external pure returns (uint256) {
        return amount;
    }

    /// @inheritdoc IPayoff
    function payout(uint256 amount, int256 price) external view returns (uint256) {
        return Math.mulDiv(amount, Math.min(SignedMath.abs(price - CENTRE), REACH), REACH);
    }
}
