// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../../../contracts/FeedId.sol";
import {Feed, ICatalog} from "../../../contracts/interfaces/ICatalog.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {ExpiryFixing, Proof} from "../../../contracts/options/ExpiryFixing.sol";

/// @notice Remembers the price that a feed settles on at one expiry.
contract SettledPrice {
    FeedId private immutable FEED;
    uint256 private immutable EXPIRY;
    uint256 private immutable DISPUTE;
    IOracle private immutable ORACLE;

    bool public settled;
    bool public found;
    int256 public price; // in hundredths

    error WrongScale(uint256 given, uint256 expected);
    error AlreadySettled();

    constructor(ICatalog catalog, FeedId feed, uint256 expiry) {
        Feed memory known = catalog.feedOf(feed);
        if (known.decimals != 2) revert WrongScale(known.decimals, 2);
        (FEED, EXPIRY, ORACLE) = (feed, expiry, catalog.ORACLE());
        (, , DISPUTE, , , ) = catalog.ORACLE().config();
    }

    /// @notice Anyone may call this, at any time and with whatever proofs: the answer is the same.
    function settle(Proof[] calldata proofs) external {
        if (settled) revert AlreadySettled();
        (found, price, ) = ExpiryFixing.find(ORACLE, DISPUTE, FEED, EXPIRY, proofs);
        settled = true;
    }
}
