// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";

/// @title SeriesTokens: the long and short tokens of all series, by ERC-1155
/// @dev The long token of a series has the series' id, an even number, the short token the number after it. What
/// somebody holds of both lies in one slot: who writes a series pays for one new slot, not for two. Amounts have 128
/// bits.
abstract contract SeriesTokens is ERC1155("") {
    struct Holding {
        uint128 long;
        uint128 short;
    }

    mapping(uint256 series => mapping(address holder => Holding)) private _holdings;

    function balanceOf(address holder, uint256 token) public view override returns (uint256) {
        Holding storage holding = _holdings[_seriesOf(token)][holder];
        return _isShort(token) ? holding.short : holding.long;
    }

    /// @dev The same amount of both tokens.
    function _mintPair(address to, uint256 series, uint128 amount) internal {
        (uint256[] memory tokens, uint256[] memory amounts) = _pair(series, amount, amount);
        _mintBatch(to, tokens, amounts, "");
    }

    function _burnPair(address from, uint256 series, uint256 longs, uint256 shorts) internal {
        (uint256[] memory tokens, uint256[] memory amounts) = _pair(series, longs, shorts);
        _burnBatch(from, tokens, amounts);
    }

    /// @dev Of one token, between two who are not 0: as `_safeTransferFrom`, without its lists.
    function _move(address from, address to, uint256 token, uint256 amount) internal {
        _take(from, token, amount);
        _give(to, token, amount);
        emit TransferSingle(msg.sender, from, to, token, amount);
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, token, amount, "");
    }

    /// @dev ERC1155's, over holdings.
    function _update(address from, address to, uint256[] memory tokens, uint256[] memory amounts) internal override {
        if (tokens.length != amounts.length) revert ERC1155InvalidArrayLength(tokens.length, amounts.length);
        for (uint256 i; i < tokens.length; ++i) {
            if (from != address(0)) _take(from, tokens[i], amounts[i]);
            if (to != address(0)) _give(to, tokens[i], amounts[i]);
        }
        if (tokens.length == 1) emit TransferSingle(msg.sender, from, to, tokens[0], amounts[0]);
        else emit TransferBatch(msg.sender, from, to, tokens, amounts);
    }

    function _seriesOf(uint256 token) internal pure returns (uint256) {
        return token & ~uint256(1);
    }

    function _isShort(uint256 token) internal pure returns (bool) {
        return token & 1 == 1;
    }

    function _take(address from, uint256 token, uint256 amount) private {
        Holding storage holding = _holdings[_seriesOf(token)][from];
        uint256 held = _isShort(token) ? holding.short : holding.long;
        if (held < amount) revert ERC1155InsufficientBalance(from, held, amount, token);
        if (_isShort(token)) holding.short = uint128(held - amount);
        else holding.long = uint128(held - amount);
    }

    /// @dev `amount` was minted, or just taken: it has 128 bits.
    function _give(address to, uint256 token, uint256 amount) private {
        Holding storage holding = _holdings[_seriesOf(token)][to];
        if (_isShort(token)) holding.short += uint128(amount);
        else holding.long += uint128(amount);
    }

    function _pair(
        uint256 series,
        uint256 longs,
        uint256 shorts
    ) private pure returns (uint256[] memory tokens, uint256[] memory amounts) {
        (tokens, amounts) = (new uint256[](2), new uint256[](2));
        (tokens[0], tokens[1]) = (series, series + 1);
        (amounts[0], amounts[1]) = (longs, shorts);
    }
}
