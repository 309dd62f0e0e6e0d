// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, NO_PRICE, VOID, feedId} from "../../contracts/FeedId.sol";
import {Definition} from "../../contracts/Definition.sol";
import {ReportReader} from "../../contracts/ReportReader.sol";
import {Words} from "../../contracts/Words.sol";
import {Kind, Payoff} from "../../contracts/options/Payoff.sol";
import {SeriesKind, SeriesPayoff, Weights} from "../../contracts/options/SeriesPayoff.sol";
import {PackingProofs} from "../proofs/Packing.sol";
import {PayoffProofs} from "../proofs/Payoff.sol";
import {SeriesProofs} from "../proofs/Series.sol";
import {TrieProofs} from "../proofs/Trie.sol";
import {Test} from "./utils/Test.sol";

/// @dev What is proved in test/proofs is proved of twins. Here the twins meet the contracts' own code.
contract ProofTwinsTest is Test, PackingProofs, TrieProofs, PayoffProofs, SeriesProofs {
    using Words for uint256[2 ** 30];

    uint256[2 ** 30] private _words;

    function testFuzz_lane(uint256 word, uint32 id) external pure {
        assertEq(lane(word, LANE ** (id % 4)), FeedId.wrap(id).priceIn(word));
    }

    function testFuzz_pack(uint224 lanes, uint32 time, uint256 index, int56 price, uint8 which) external {
        index = bound(index, 0, 2 ** 30 - 1);
        which %= 4;
        uint256 unit = LANE ** which;
        uint256 word = pack(lanes % unit, price, (lanes / unit) / LANE, unit);
        _words.store(index, time, word);
        assertEq(_words.load(index), word + uint256(time) * LANE ** 4);
        assertEq(FeedId.wrap(which).priceIn(_words.load(index)), price);
        assertEq(_words.load(index) >> 224, time);
    }

    function test_marks() external pure {
        assertEq(NO_PRICE, type(int56).min);
        assertEq(VOID, type(int56).min + 1);
    }

    /// @dev One step of the climb hashes the node on the twin's side.
    function testFuzz_side(bytes32 node, bytes32 sibling, uint24 bundle) external view {
        bytes32 left = this.climb(node, bundle, abi.encode(sibling));
        bool right = side(bundle, 1) == 1;
        assertEq(left, right ? keccak256(abi.encode(sibling, node)) : keccak256(abi.encode(node, sibling)));
    }

    /// @dev The node below the root, at level 0, is on the side of bit 0; the one below it on that of bit 1.
    function testFuzz_sides(bytes32 node, bytes32[24] calldata siblings, uint24 bundle) external view {
        bytes32 expected = node;
        for (uint256 i; i < 24; ++i) {
            bool right = side(bundle, 2 ** (23 - i)) == 1;
            expected =
                right ? keccak256(abi.encode(siblings[i], expected)) : keccak256(abi.encode(expected, siblings[i]));
        }
        assertEq(this.climb(node, bundle, abi.encode(siblings)), expected);
    }

    function climb(bytes32 node, uint256 bundle, bytes calldata siblings) external pure returns (bytes32) {
        uint256 first;
        assembly ("memory-safe") {
            first := siblings.offset
        }
        return ReportReader.climb(node, bundle, first, siblings.length / 32);
    }

    function testFuzz_wordOfAFeed(uint24 bundle, uint8 position) external pure {
        assertEq(feedId(bundle, position).word(), (uint256(bundle) * 256 + position) / 4);
        assertEq(feedId(bundle, position).word(), (uint256(bundle) << 6) + (position >> 2));
    }

    function testFuzz_wordsOfABundle(bytes32 definition) external pure {
        assertEq(Definition.words(definition), uint256(uint8(uint256(definition))) / 4 + 1);
    }

    function testFuzz_points(int56 strike, int56 bound_, int56 price) external pure {
        if (bound_ > strike)
            assertEq(Payoff.points(Kind.Call, strike, bound_, price), uint256(call(strike, bound_, price)));
        if (bound_ < strike)
            assertEq(Payoff.points(Kind.Put, strike, bound_, price), uint256(put(strike, bound_, price)));
        if (strike > 0)
            assertEq(
                Payoff.points(Kind.BaseCall, strike, 0, price),
                price > strike ? uint256(int256(price) - strike) : 0
            );
    }

    function testFuzz_sidesOfASeries(int56 strike, int56 bound_, int256 total, uint256 n) external pure {
        if (bound_ <= strike) return;
        n = bound(n, 1, 1_024);
        total = bound(total, -(2 ** 55) * int256(n), 2 ** 55 * int256(n));
        Weights memory asian = SeriesPayoff.weights(SeriesKind.AsianCall, strike, bound_, 2, total, n);
        assertEq(asian.long, uint256(long(strike, bound_, total, int256(n))));
        assertEq(asian.short, uint256((int256(bound_) - strike) * int256(n)) - asian.long);
        Weights memory one = SeriesPayoff.weights(SeriesKind.Call, strike, bound_, 2, total / int256(n), 1);
        assertEq(one.long, uint256(long(strike, bound_, total / int256(n), 1)));
    }

    function testFuzz_digitals(int56 strike, int56 price, bool atTheStrike) external pure {
        if (atTheStrike) price = strike;
        Weights memory call_ = SeriesPayoff.weights(SeriesKind.DigitalCall, strike, 0, 2, price, 1);
        Weights memory put_ = SeriesPayoff.weights(SeriesKind.DigitalPut, strike, 0, 2, price, 1);
        assertEq(call_.long, uint256(above(strike, price)));
        assertEq(put_.long, uint256(below(strike, price)));
        assertEq(call_.short, 1 - call_.long);
        assertEq(put_.short, 1 - put_.long);
    }

    function testFuzz_higher(int56 total, int56 price, uint256 found) external pure {
        found = bound(found, 1, 1_024);
        assertEq(SeriesPayoff.add(SeriesKind.TouchUp, total, found, price), higher(total, price));
        assertEq(SeriesPayoff.add(SeriesKind.TouchDown, total, found, price), -higher(-int256(total), -int256(price)));
        assertEq(SeriesPayoff.add(SeriesKind.AsianCall, total, found, price), int256(total) + price);
    }
}
