// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId, ImpossibleFeed} from "../../contracts/FeedId.sol";
import {Feed, ICatalog} from "../../contracts/interfaces/ICatalog.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {Test, vm} from "./utils/Test.sol";

/// @dev The values of a bundle's feeds.
struct Bundle {
    string[] symbols;
    uint8[] decimals;
    bytes32[] methods;
    uint32[] ages;
}

/// @dev What is published is what was defined, to the last byte, and nothing else can be.
contract CatalogTest is Test {
    uint256 private constant SMALL = 3;
    uint256 private constant ODD = 7;
    uint256 private constant UNPUBLISHED = 8;
    uint256 private constant LONGEST = 24_575;

    ICatalog private catalog;
    IOracle private oracle;

    event Published(uint256 indexed bundle, uint256 feeds);
    event MethodPublished(bytes32 indexed method);

    function setUp() external {
        warp(START);
        oracle = IOracle(
            deploy("Oracle.sol:Oracle", abi.encode(address(this), keccak256("nakane:local:test"), 1 hours, 120))
        );
        catalog = ICatalog(deploy("Catalog.sol:Catalog", abi.encode(oracle)));
        _define(SMALL, _small());
        _define(ODD, _odd());
        _define(UNPUBLISHED, _of(2, "F"));
        _publish(SMALL, _small());
        _publish(ODD, _odd());
    }

    // ---------------------------------------------------------------------------------------------- reading

    function test_feedOf_tellsAllOfEveryFeedAsItWasDefined() external view {
        _assertPublished(SMALL, _small());
        _assertPublished(ODD, _odd());
    }

    function test_bundles_inTheOrderOfPublication() external view {
        assertEq(address(catalog.ORACLE()), address(oracle));
        uint256[] memory bundles = catalog.bundles();
        assertEq(bundles.length, 2);
        assertEq(bundles[0], SMALL);
        assertEq(bundles[1], ODD);
    }

    function test_find_allFeedsWithASymbol() external view {
        FeedId[] memory feeds = catalog.find("BTC/JPY");
        assertEq(feeds.length, 3);
        assertEq(FeedId.unwrap(feeds[0]), FeedId.unwrap(feedId(SMALL, 0)));
        assertEq(FeedId.unwrap(feeds[1]), FeedId.unwrap(feedId(SMALL, 3)));
        assertEq(FeedId.unwrap(feeds[2]), FeedId.unwrap(feedId(ODD, 10)));
        feeds = catalog.find("");
        assertEq(feeds.length, 2);
        assertEq(FeedId.unwrap(feeds[1]), FeedId.unwrap(feedId(ODD, 0)));
        assertEq(catalog.find("BTC/JP").length, 0);
        assertEq(catalog.find("F0").length, 0, "bundle 8 is not published");
    }

    function test_reading_saysWhichFeedItDoesNotKnow() external {
        _assertUnread(feedId(SMALL, 4), abi.encodeWithSelector(ICatalog.UnknownFeed.selector, feedId(SMALL, 4), 4));
        _assertUnread(feedId(ODD, 101), abi.encodeWithSelector(ICatalog.UnknownFeed.selector, feedId(ODD, 101), 101));
        bytes memory unpublished = abi.encodeWithSelector(ICatalog.NotPublished.selector, UNPUBLISHED);
        _assertUnread(feedId(UNPUBLISHED, 0), unpublished);
        assertReverts(address(catalog), abi.encodeCall(catalog.size, (UNPUBLISHED)), unpublished);
        bytes memory last = abi.encodeWithSelector(ICatalog.NotPublished.selector, 2 ** 24 - 1);
        _assertUnread(FeedId.wrap(2 ** 32 - 1), last);
        _assertUnread(FeedId.wrap(2 ** 32), abi.encodeWithSelector(ImpossibleFeed.selector, 2 ** 32));
    }

    // ---------------------------------------------------------------------------------------------- publishing

    function test_publish_byAnybodyOnce() external {
        vm.expectEmit(address(catalog));
        emit Published(UNPUBLISHED, 2);
        vm.prank(actor("stranger"));
        _publish(UNPUBLISHED, _of(2, "F"));
        _assertPublished(UNPUBLISHED, _of(2, "F"));
        vm.recordLogs();
        _publish(UNPUBLISHED, _of(2, "F"));
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(catalog.bundles().length, 3);
    }

    function test_publish_nothingButWhatWasDefined() external {
        Bundle memory b = _of(2, "F");
        b.symbols[0] = "other";
        _assertMismatch(b);
        b = _of(2, "F");
        ++b.decimals[1];
        _assertMismatch(b);
        b = _of(2, "F");
        b.methods[1] = keccak256("other");
        _assertMismatch(b);
        b = _of(2, "F");
        ++b.ages[0];
        _assertMismatch(b);
        _assertMismatch(_of(3, "F"));
        bytes32 expected = oracle.definition(UNPUBLISHED);
        bytes memory none = abi.encodeWithSelector(ICatalog.DefinitionMismatch.selector, UNPUBLISHED, 0, expected);
        _assertRefused(UNPUBLISHED, _of(0, "F"), none);
        _assertRefused(77, _of(2, "F"), abi.encodeWithSelector(ICatalog.NotDefined.selector, 77));
    }

    /// @dev One feed whose symbol, with its row of 39 bytes, fills a contract's code to the last byte.
    function test_publish_asMuchAsFitsIntoOneContract() external {
        Bundle memory b = _of(1, "");
        b.symbols[0] = string(new bytes(LONGEST - 39));
        _define(20, b);
        _publish(20, b);
        _assertPublished(20, b);
        b.symbols[0] = string(new bytes(LONGEST - 38));
        _define(21, b);
        _assertRefused(21, b, abi.encodeWithSelector(ICatalog.TooLong.selector, LONGEST + 1, LONGEST));
    }

    /// @dev The first contract that the catalog made: nobody can run it, and it holds not a byte more.
    function test_publish_keepsTheDataBehindAStop() external view {
        address blob = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(catalog), hex"01")))));
        Bundle memory b = _small();
        uint256 symbols;
        for (uint256 i; i < b.symbols.length; ++i) symbols += bytes(b.symbols[i]).length;
        assertEq(blob.code.length, 1 + 4 * 39 + symbols);
        assertEq(uint256(uint8(blob.code[0])), 0);
    }

    function test_publishMethod_eachTextUnderItsHash() external {
        string memory text = "The upper median of the venues' last trades.";
        bytes32 hash = keccak256(bytes(text));
        bytes memory missing = abi.encodeWithSelector(ICatalog.MethodNotPublished.selector, hash);
        assertReverts(address(catalog), abi.encodeCall(catalog.methodText, (hash)), missing);
        vm.expectEmit(address(catalog));
        emit MethodPublished(hash);
        assertEq(catalog.publishMethod(text), hash);
        assertEq(catalog.methodText(hash), text);
        vm.recordLogs();
        assertEq(catalog.publishMethod(text), hash);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_publishMethod_textsOfEveryLengthThatFits() external {
        string memory longest = string(new bytes(LONGEST));
        assertEq(catalog.methodText(catalog.publishMethod("")), "");
        assertEq(catalog.methodText(catalog.publishMethod(longest)), longest);
        bytes memory tooLong = abi.encodeWithSelector(ICatalog.TooLong.selector, LONGEST + 1, LONGEST);
        bytes memory call = abi.encodeCall(catalog.publishMethod, (string(new bytes(LONGEST + 1))));
        assertReverts(address(catalog), call, tooLong);
    }

    // ---------------------------------------------------------------------------------------------- bundles

    /// @dev Two with one symbol, one without, one of other characters; the least and the most of every value.
    function _small() private pure returns (Bundle memory b) {
        b = _of(4, "");
        (b.symbols[0], b.decimals[0], b.methods[0], b.ages[0]) = ("BTC/JPY", 2, keccak256("a median"), 30);
        (b.symbols[1], b.decimals[1], b.methods[1], b.ages[1]) = ("", 0, 0, 0);
        (b.symbols[2], b.decimals[2], b.methods[2], b.ages[2]) = (unicode"仲値", 255, ~bytes32(0), type(uint32).max);
        (b.symbols[3], b.decimals[3], b.methods[3], b.ages[3]) = ("BTC/JPY", 3, keccak256("its successor"), 60);
    }

    /// @dev 101 feeds with symbols of 0 to 69 bytes: they begin and end at every place of a word.
    function _odd() private pure returns (Bundle memory b) {
        b = _of(101, "");
        for (uint256 i; i < 101; ++i) {
            bytes memory symbol = new bytes(i % 70);
            for (uint256 j; j < symbol.length; ++j) symbol[j] = bytes1(uint8(33 + ((i + j) % 90)));
            b.symbols[i] = i == 70 ? "filler" : string(symbol);
        }
        b.symbols[10] = "BTC/JPY";
    }

    function _of(uint256 feeds, string memory prefix) private pure returns (Bundle memory b) {
        (b.symbols, b.decimals) = (new string[](feeds), new uint8[](feeds));
        (b.methods, b.ages) = (new bytes32[](feeds), new uint32[](feeds));
        for (uint256 i; i < feeds; ++i) {
            b.symbols[i] = string.concat(prefix, vm.toString(i));
            (b.decimals[i], b.methods[i], b.ages[i]) = (uint8(7 * i + 1), keccak256(abi.encode(i)), uint32(30 + i));
        }
    }

    function _define(uint256 bundle, Bundle memory b) private {
        oracle.defineBundle(bundle, b.symbols, b.decimals, b.methods, b.ages);
    }

    function _publish(uint256 bundle, Bundle memory b) private {
        catalog.publish(bundle, b.symbols, b.decimals, b.methods, b.ages);
    }

    function _assertPublished(uint256 bundle, Bundle memory b) private view {
        assertEq(catalog.size(bundle), b.symbols.length);
        for (uint256 i; i < b.symbols.length; ++i) {
            Feed memory feed = catalog.feedOf(feedId(bundle, i));
            assertEq(feed.symbol, b.symbols[i]);
            assertEq(feed.decimals, b.decimals[i]);
            assertEq(feed.method, b.methods[i]);
            assertEq(feed.maxInputAge, b.ages[i]);
            assertEq(catalog.decimalsOf(feedId(bundle, i)), b.decimals[i]);
        }
    }

    function _assertUnread(FeedId feed, bytes memory expected) private {
        assertReverts(address(catalog), abi.encodeCall(catalog.feedOf, (feed)), expected);
        assertReverts(address(catalog), abi.encodeCall(catalog.decimalsOf, (feed)), expected);
    }

    function _assertRefused(uint256 bundle, Bundle memory b, bytes memory expected) private {
        bytes memory call = abi.encodeCall(catalog.publish, (bundle, b.symbols, b.decimals, b.methods, b.ages));
        assertReverts(address(catalog), call, expected);
    }

    /// @dev As bundle 8. The error names the hash of what was given, with the number of its feeds.
    function _assertMismatch(Bundle memory b) private {
        uint256 full = uint256(keccak256(abi.encode(UNPUBLISHED, b.symbols, b.decimals, b.methods, b.ages)));
        bytes32 given = bytes32(((full >> 8) << 8) | (b.symbols.length - 1));
        bytes32 expected = oracle.definition(UNPUBLISHED);
        _assertRefused(
            UNPUBLISHED,
            b,
            abi.encodeWithSelector(ICatalog.DefinitionMismatch.selector, UNPUBLISHED, given, expected)
        );
    }
}
