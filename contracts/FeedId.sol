// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FeedId: which price
/// @dev `bundle << 8 | position`, where bundle < 2^24 and position < 256: an id is below 2^32. Four feeds share a
/// word, as lane3:56 | lane2:56 | lane1:56 | lane0:56: `id >> 2` is the word, `id & 3` the lane. It is a value type over
/// uint256, so that a caller pays for no masking; every read of the oracle checks the range instead.
type FeedId is uint256;

using {bundle, position, word, priceIn, equals as ==} for FeedId global;

/// @notice No feed can have this id (2^32 or above, or beyond the feeds of its bundle).
error ImpossibleFeed(uint256 feed);

/// @dev The lane of a feed without a price.
int256 constant NO_PRICE = type(int56).min;
/// @dev The lane of a voided fixing. Prices are above it.
int256 constant VOID = NO_PRICE + 1;

/// @notice Makes the id of the feed at `position_` (0..255) of bundle `bundle_` (0..2^24 − 1).
/// @dev Truncates neither: what is out of range is refused, or not found, by every read.
function feedId(uint256 bundle_, uint256 position_) pure returns (FeedId) {
    return FeedId.wrap((bundle_ << 8) | position_);
}

/// @notice The bundle of a feed.
function bundle(FeedId id) pure returns (uint256) {
    return FeedId.unwrap(id) >> 8;
}

/// @notice The feed's place in its bundle, 0..255.
function position(FeedId id) pure returns (uint256) {
    return FeedId.unwrap(id) & 0xff;
}

/// @notice The word of a feed, counted over all bundles, below 2^30; reverts ImpossibleFeed, so that no id reads
/// another feed's word.
function word(FeedId id) pure returns (uint256) {
    if (FeedId.unwrap(id) >> 32 != 0) refuse(id); // apart, so that the check is inlined
    return FeedId.unwrap(id) >> 2;
}

function refuse(FeedId id) pure {
    revert ImpossibleFeed(FeedId.unwrap(id));
}

/// @notice The feed's lane of `lanes`, sign-extended: a price, NO_PRICE or VOID. Higher bits of `lanes` are ignored.
function priceIn(FeedId id, uint256 lanes) pure returns (int256 price) {
    // int56(uint56(lanes >> 56 * lane)), which Solidity masks before it extends the sign.
    assembly ("memory-safe") {
        price := signextend(6, shr(mul(56, and(id, 3)), lanes))
    }
}

function equals(FeedId a, FeedId b) pure returns (bool) {
    return FeedId.unwrap(a) == FeedId.unwrap(b);
}
