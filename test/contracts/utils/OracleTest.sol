// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../../../contracts/FeedId.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {Bundle, Choice, Prices, Reports, Signers} from "./Reports.sol";
import {vm} from "./Test.sol";

/// @title OracleTest: an oracle with three bundles and four signers
/// @dev Bundle 0 has 5 feeds (2 words), bundle 3 one feed, bundle 4 nine feeds (3 words). The prices of a time are
/// `priceAt`; they differ between any two times and feeds.
abstract contract OracleTest is Reports {
    uint256 internal constant PERIOD = 300;
    uint256 internal constant SPAN = 8_192 * PERIOD;
    uint256 internal constant YEAR = 105_120 * PERIOD;
    uint256 internal constant DISPUTE = 1 hours;
    uint256 internal constant LATEST_DELAY = 120;

    FeedId internal constant BTC = FeedId.wrap(0); // first feed of bundle 0
    FeedId internal constant FIFTH = FeedId.wrap(4); // alone in the second word of bundle 0
    FeedId internal constant ALONE = FeedId.wrap(3 << 8); // the feed of bundle 3
    FeedId internal constant NINTH = FeedId.wrap((4 << 8) | 8); // the last feed of bundle 4

    IOracle internal oracle;
    Signers internal signers;
    Bundle[] internal bundles;

    function setUp() public virtual {
        warp(START);
        oracle = deployOracle(address(this), SALT, DISPUTE, LATEST_DELAY);
        _define(0, 5);
        _define(3, 1);
        _define(4, 9);
        signers = makeSigners("signer", 4);
        oracle.setSigners(setBytes(signers), START, 0);
    }

    function deployOracle(
        address governor,
        bytes32 salt,
        uint256 dispute,
        uint256 latestDelay
    ) internal returns (IOracle) {
        return IOracle(deploy("Oracle.sol:Oracle", abi.encode(governor, salt, dispute, latestDelay)));
    }

    function _define(uint256 number, uint256 feeds) private {
        (string[] memory symbols, uint8[] memory decimals) = (new string[](feeds), new uint8[](feeds));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](feeds), new uint32[](feeds));
        for (uint256 i; i < feeds; ++i) {
            symbols[i] = string.concat("F", vm.toString(number), ".", vm.toString(i));
            (decimals[i], methods[i], ages[i]) = (uint8(i), keccak256(bytes(symbols[i])), uint32(30 + i));
        }
        oracle.defineBundle(number, symbols, decimals, methods, ages);
        bundles.push(Bundle(number, feeds, oracle.definition(number)));
    }

    // ---------------------------------------------------------------------------------------------- prices

    function priceAt(uint256 time, uint256 bundle, uint256 position) internal pure virtual returns (int256) {
        return int256(uint256(keccak256(abi.encode(time, bundle, position))) >> 202) - int256(uint256(1) << 53);
    }

    function priceOf(FeedId feed, uint256 time) internal pure returns (int256) {
        return priceAt(time, feed.bundle(), feed.position());
    }

    function pricesAt(uint256 time) internal view returns (Prices memory p) {
        p.observedAt = time;
        p.prices = new int256[][](bundles.length);
        for (uint256 i; i < bundles.length; ++i) {
            p.prices[i] = new int256[](bundles[i].feeds);
            for (uint256 j; j < bundles[i].feeds; ++j) p.prices[i][j] = priceAt(time, bundles[i].number, j);
        }
    }

    /// @dev As pricesAt, without the bundle at `which`.
    function pricesWithout(uint256 time, uint256 which) internal view returns (Prices memory p) {
        p = pricesAt(time);
        p.prices[which] = new int256[](0);
    }

    // ---------------------------------------------------------------------------------------------- reports

    function reportAt(uint256 time) internal view returns (bytes memory) {
        return wholeReport(signers, bundles, pricesAt(time));
    }

    /// @dev A report of all bundles in which only `which` is sent, with `mask`.
    function reportOf(uint256 time, uint256 which, uint256 mask) internal view returns (bytes memory) {
        Choice[] memory choices = new Choice[](1);
        choices[0] = Choice(which, mask);
        return report(signers, bundles, pricesAt(time), choices);
    }

    function partAt(uint256 time, uint256 which) internal view returns (bytes memory) {
        return part(bundles, pricesAt(time).prices, Choice(which, wholeMask(bundles[which].feeds)));
    }

    /// @dev Records a whole report of the present second.
    function recordNow() internal returns (uint256 time) {
        time = now_();
        oracle.record(reportAt(time));
    }

    function assertStatus(FeedId feed, uint256 time, IOracle.Status expected) internal view {
        (IOracle.Status status, int256 price, ) = oracle.tryFixing(feed, time);
        assertEq(uint256(status), uint256(expected), "status");
        bool priced = expected == IOracle.Status.Final || expected == IOracle.Status.Provisional;
        assertEq(price, priced ? priceOf(feed, time) : type(int256).min, "price");
    }

    function assertReverts(bytes memory call, bytes memory data) internal {
        assertReverts(address(oracle), call, data);
    }

    function latestCall(FeedId feed) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("latest(uint256)", feed);
    }
}
