// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPayoff: what an option of your own pays
/// @notice Write these two functions, and the laboratory sells, settles and pays options on them with the contracts of
/// `PayoffOptions`. Both are asked with an amount, in the smallest unit of the token that is locked and paid.
interface IPayoff {
    /// @notice The most that `amount` can be paid at any price: the seller locks it.
    function most(uint256 amount) external view returns (uint256);

    /// @notice What `amount` is paid at the fixing `price`, in the feed's decimals. What exceeds `most` is not paid.
    function payout(uint256 amount, int256 price) external view returns (uint256);
}
