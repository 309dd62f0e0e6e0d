// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {FeedId, feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Bundle, Choice, Prices, Signers} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev What planted faults showed that no other test comes to: sizes at which the bytes of a report or of its event
/// take one byte, or one word, more; the last second and the last number that count; events, and both sides of errors.
contract OracleEdgesTest is OracleTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    int256 private constant VOID_LANE = NO_PRICE_LANE + 1;

    event Recorded(uint256 indexed observedAt, bytes32 root, bytes bundles);
    event BundleDefined(
        uint256 indexed bundle,
        bytes32 definition,
        string[] symbols,
        uint8[] decimals,
        bytes32[] methods,
        uint32[] maxInputAge
    );
    event BundleHalted(uint256 indexed bundle);
    event BundleResumed(uint256 indexed bundle);

    function _defineOf(uint256 number, uint256 feeds) private {
        (string[] memory symbols, uint8[] memory decimals) = (new string[](feeds), new uint8[](feeds));
        oracle.defineBundle(number, symbols, decimals, new bytes32[](feeds), new uint32[](feeds));
        bundles.push(Bundle(number, feeds, oracle.definition(number)));
    }

    /// @dev After the last part: too short for a bundle's number, or the number of a bundle that does not exist.
    function test_record_whatFollowsTheLastPart() external {
        skip(10);
        bytes memory report = reportAt(now_());
        bytes memory short = abi.encodeWithSelector(IOracle.BadPart.selector, report.length);
        assertReverts(abi.encodeCall(oracle.record, (bytes.concat(report, hex"ff"))), short);
        assertReverts(abi.encodeCall(oracle.record, (bytes.concat(report, hex"ffff"))), short);
        bytes memory unknown = abi.encodeWithSelector(IOracle.UnknownBundle.selector, 0xffffff);
        assertReverts(abi.encodeCall(oracle.record, (bytes.concat(report, hex"ffffff"))), unknown);
        assertReverts(abi.encodeCall(oracle.record, (bytes.concat(report, hex"ffffff00"))), unknown);
    }

    /// @dev Seven words and the bit of the fixings fill one byte of mask; eight need two.
    function test_record_masksOfOneByteAndOfTwo() external {
        _defineOf(7, 28);
        _defineOf(8, 29);
        _defineOf(15, 64);
        _defineOf(16, 256);
        skip(10);
        uint256 time = recordNow();
        for (uint256 i = 3; i < bundles.length; ++i) {
            for (uint256 j; j < bundles[i].feeds; ++j) {
                (int256 price, ) = oracle.latest(feedId(bundles[i].number, j));
                assertEq(price, priceAt(time, bundles[i].number, j));
            }
        }
    }

    /// @dev The numbers of eleven bundles take 33 bytes: the last stands alone in its word of the event's data.
    function test_record_namesElevenBundles() external {
        bytes memory numbers = hex"000000000003000004";
        for (uint256 i; i < 8; ++i) {
            _defineOf(0xfffff0 + i, 1);
            numbers = abi.encodePacked(numbers, uint24(0xfffff0 + i));
        }
        skip(10);
        Prices memory p = pricesAt(now_());
        bytes memory report = wholeReport(signers, bundles, p);
        bytes memory data = abi.encode(rootOf(bundles, p.prices), numbers);
        vm.recordLogs();
        oracle.record(report);
        assertEq(vm.getRecordedLogs()[0].data, data);
    }

    /// @dev Of the smallest report with two parts, whose second is read when its event has begun to grow: what reading
    /// writes to memory stands behind it.
    function test_record_namesTheBundlesOfTheSmallestReport() external {
        oracle = deployOracle(address(this), SALT, DISPUTE, LATEST_DELAY);
        delete bundles;
        _defineOf(0, 1);
        _defineOf(1, 1);
        signers = makeSigners("one", 1);
        oracle.setSigners(setBytes(signers), now_(), 0);
        skip(10);
        Prices memory p = pricesAt(now_());
        bytes memory report = wholeReport(signers, bundles, p);
        assertEq(report.length, 4 + 22 + 65 + 2 * (5 + 32 + 28));
        bytes memory data = abi.encode(rootOf(bundles, p.prices), hex"000000000001");
        vm.recordLogs();
        oracle.record(report);
        assertEq(vm.getRecordedLogs()[0].data, data);
    }

    function test_record_lateFixingsAreNamedThoughNothingBecomesLatest() external {
        warp(START + PERIOD);
        uint256 time = now_();
        oracle.record(reportOf(time, 1, 0)); // its root is kept
        skip(LATEST_DELAY + 1);
        Prices memory p = pricesAt(time);
        vm.expectEmit(address(oracle));
        emit Recorded(time, rootOf(bundles, p.prices), hex"000000000003000004");
        oracle.record(wholeReport(signers, bundles, p));
    }

    // ---------------------------------------------------------------------------------------------- signatures

    function test_record_aReportThatEndsWithItsSignaturesHasNoPart() external {
        skip(10);
        bytes memory report = reportAt(now_());
        uint256 parts = 4 + 2 + 4 * 20 + 3 * 65;
        bytes memory shorter = abi.encodeWithSelector(IOracle.BadLength.selector, parts - 1, parts);
        assertReverts(abi.encodeCall(oracle.record, (_cut(report, parts - 1))), shorter);
        bytes memory none = abi.encodeWithSelector(IOracle.BadPart.selector, parts);
        assertReverts(abi.encodeCall(oracle.record, (_cut(report, parts))), none);
        assertReverts(abi.encodeCall(oracle.record, ("")), abi.encodeWithSelector(IOracle.BadLength.selector, 0, 6));
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i; i < length; ++i) cut[i] = data[i];
    }

    /// @dev An index behind the set would read as a signer whatever stands there: here, an address in the prices.
    function test_signatures_ofASignerBehindTheSet() external {
        (address stranger, uint256 key) = account("stranger");
        skip(10);
        // Of a report in which only bundle 0 is sent, its words begin 4 + 82 + 3 · 65 + 5 + 3 · 32 = 382 bytes in; the
        // 20th address of a set would stand 6 + 19 · 20 = 386 bytes in.
        bytes memory words = abi.encodePacked(uint32(7), stranger, uint32(7));
        Prices memory p = pricesAt(now_());
        for (uint256 i; i < 4; ++i) {
            uint256 lane;
            for (uint256 j; j < 7; ++j) lane = (lane << 8) | uint8(words[7 * (3 - i) + j]);
            p.prices[0][i] = int256(int56(uint56(lane)));
        }
        bytes32 root = rootOf(bundles, p.prices);
        (uint8 v, bytes32 r, bytes32 t) = vm.sign(key, digest(p.observedAt, root));
        bytes memory forged = abi.encodePacked(uint8(19), r, bytes32((uint256(v - 27) << 255) | uint256(t)));
        bytes memory signed = bytes.concat(
            signature(signers, 0, p.observedAt, root),
            signature(signers, 1, p.observedAt, root),
            forged
        );
        bytes memory part_ = part(bundles, p.prices, Choice(0, 2));
        bytes memory report = abi.encodePacked(uint32(p.observedAt), setBytes(signers), signed, part_);
        for (uint256 i; i < 20; ++i) assertEq(uint8(report[386 + i]), uint8(bytes20(stranger)[i]));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 2);
        assertReverts(abi.encodeCall(oracle.record, (report)), refused);
    }

    /// @dev s may be half the order, and not one more. The key is made to fit: with the nonce 1, r is the generator's x
    /// and key = (s − digest) / r.
    function test_signatures_atTheLargestLowS() external {
        skip(10);
        uint256 time = now_();
        bytes32 root = rootOf(bundles, pricesAt(time).prices);
        (bytes memory set, bytes memory signed) = _signedWith(ORDER / 2, digest(time, root));
        oracle.setSigners(set, time, 0);
        oracle.record(abi.encodePacked(uint32(time), set, signed, partAt(time, 1)));
        (int256 price, ) = oracle.latest(ALONE);
        assertEq(price, priceOf(ALONE, time));

        (set, signed) = _signedWith(ORDER / 2 + 1, digest(time, root));
        oracle.setSigners(set, time, 0);
        bytes memory high = abi.encodePacked(uint32(time), set, signed, partAt(time, 1));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertReverts(abi.encodeCall(oracle.record, (high)), refused);
    }

    function _signedWith(uint256 s, bytes32 digest_) private pure returns (bytes memory set, bytes memory signed) {
        uint256 r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798; // G.x; G.y is even
        uint256 inverse = 1; // r^(ORDER − 2)
        for (uint256 bit = 256; bit > 0; --bit) {
            inverse = mulmod(inverse, inverse, ORDER);
            if (((ORDER - 2) >> (bit - 1)) & 1 == 1) inverse = mulmod(inverse, r, ORDER);
        }
        uint256 difference = addmod(s, ORDER - (uint256(digest_) % ORDER), ORDER);
        address signer = vm.addr(mulmod(difference, inverse, ORDER));
        assertEq(ecrecover(digest_, 27, bytes32(r), bytes32(s)), signer);
        return (abi.encodePacked(hex"0101", signer), abi.encodePacked(uint8(0), r, s));
    }

    /// @dev The 65th of 65 signatures: its number is exact however many stand before it.
    function test_signatures_theRefusedOneIsNamedInALargeSet() external {
        skip(10);
        uint256 time = now_();
        Signers memory many = makeSigners("many", 97);
        assertEq(many.q, 65);
        oracle.setSigners(setBytes(many), time, 0);
        bytes memory report = wholeReport(many, bundles, pricesAt(time));
        report[4 + 2 + 97 * 20 + 64 * 65] = bytes1(uint8(65)); // the 66th signer did not sign
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 64);
        assertReverts(abi.encodeCall(oracle.record, (report)), refused);
    }

    // ---------------------------------------------------------------------------------------------- signer sets

    /// @dev 2q > n + f, f = ⌊(n − 1) / 3⌋: the least q of every n up to 40, and one less.
    function test_sets_theLeastQuorumOfEverySize() external {
        bytes memory addresses;
        for (uint256 n = 1; n <= 40; ++n) {
            addresses = abi.encodePacked(addresses, address(uint160(n)));
            uint256 q = (n + (n - 1) / 3) / 2 + 1;
            oracle.setSigners(abi.encodePacked(uint8(q), uint8(n), addresses), now_(), 0);
            bytes memory less = abi.encodePacked(uint8(q - 1), uint8(n), addresses);
            bytes memory bad = abi.encodeWithSelector(IOracle.BadQuorum.selector, q - 1, n);
            assertReverts(abi.encodeCall(oracle.setSigners, (less, now_(), 0)), bad);
        }
    }

    function test_sets_addressesOutOfOrderAreNamedAsTheyStand() external {
        bytes memory set = abi.encodePacked(hex"0202", address(9), address(8));
        bytes memory order = abi.encodeWithSelector(IOracle.SignerOrder.selector, address(9), address(8));
        assertReverts(abi.encodeCall(oracle.setSigners, (set, now_(), 0)), order);
    }

    /// @dev A set in force from this very second retires, it is not replaced.
    function test_sets_oneReplacedInTheSecondInWhichItBeganRetires() external {
        skip(10);
        Signers memory brief = makeSigners("brief", 4);
        uint256 time = now_();
        oracle.setSigners(setBytes(brief), time, 0);
        oracle.setSigners(setBytes(signers), time + 10, 50);
        oracle.record(wholeReport(brief, bundles, pricesAt(time)));
        (uint256 newest, uint256 retired, , , , ) = oracle.config();
        assertEq(newest, ((time + 10) << 224) | uint192(uint256(keccak256(setBytes(signers)))));
        assertEq(retired, ((time + 60) << 224) | (time << 192) | uint192(uint256(keccak256(setBytes(brief)))));
    }

    // ---------------------------------------------------------------------------------------------- prices and times

    /// @dev The number that stands for a void is no price, wherever signers would put it.
    function test_reads_aLaneSignedAsVoidIsNoPrice() external {
        warp(START + PERIOD);
        uint256 time = now_();
        Prices memory p = pricesAt(time);
        p.prices[1][0] = VOID_LANE;
        bytes memory report_ = wholeReport(signers, bundles, p);
        bytes memory none = abi.encodeWithSelector(IOracle.NoPrice.selector, ALONE, time);
        assertReverts(abi.encodeCall(oracle.verify, (report_, ALONE, 60)), none);
        oracle.record(report_);
        assertReverts(latestCall(ALONE), none);
        assertReverts(abi.encodeWithSignature("latest(uint256,uint256)", ALONE, 60), none);
        (bool ok, int256 price, ) = oracle.tryLatest(ALONE);
        assertFalse(ok);
        assertEq(price, type(int256).min);
        FeedId[] memory feeds = new FeedId[](1);
        feeds[0] = ALONE;
        assertReverts(abi.encodeCall(oracle.latestOf, (feeds)), none);
        skip(DISPUTE);
        (bool read, ) = address(oracle).call(abi.encodeCall(oracle.fixing, (ALONE, time)));
        assertFalse(read);
        bytes memory brought = part(bundles, p.prices, Choice(1, 3));
        assertReverts(abi.encodeCall(oracle.proveFixing, (ALONE, time, brought)), none);
    }

    function test_fixing_notASecondBesideItsTime() external {
        warp(START + PERIOD);
        uint256 time = now_();
        skip(PERIOD - 1);
        oracle.record(reportAt(time)); // kept after all the seconds that share its slot
        skip(DISPUTE);
        assertEq(oracle.fixing(BTC, time), priceOf(BTC, time));
        for (uint256 beside = time + 1; beside < time + PERIOD; beside += 149) {
            bytes memory error_ = abi.encodeWithSelector(IOracle.NotAFixingTime.selector, beside, PERIOD);
            assertReverts(abi.encodeCall(oracle.fixing, (BTC, beside)), error_);
        }
    }

    function test_fixing_ofATimeNeverRecordedExpiresAfterAYear() external {
        bytes memory bring = abi.encodeCall(oracle.recordFixing, (START, partAt(START, 0)));
        warp(START + YEAR - 1);
        assertStatus(BTC, START, IOracle.Status.None);
        assertReverts(bring, abi.encodeWithSelector(IOracle.NoFixing.selector, 0, START));
        skip(1);
        assertStatus(BTC, START, IOracle.Status.Expired);
        assertReverts(bring, abi.encodeWithSelector(IOracle.Expired.selector, START, START + YEAR));
    }

    function test_fixing_thatWasNotStoredCanBeBroughtUntilTheSpanIsOver() external {
        warp(START + PERIOD);
        uint256 time = now_();
        oracle.record(reportOf(time, 1, 0));
        warp(time + SPAN - 1);
        assertStatus(BTC, time, IOracle.Status.Unstored);
        skip(1);
        assertStatus(BTC, time, IOracle.Status.Expired);
    }

    /// @dev In the second of the fixing itself: `since` is the time, and the slot is taken all the same.
    function test_fixing_recordedInItsOwnSecondIsStoredOnce() external {
        warp(START + PERIOD);
        uint256 time = now_();
        bytes memory report_ = reportAt(time);
        oracle.record(report_);
        vm.recordLogs();
        oracle.record(report_);
        assertEq(vm.getRecordedLogs().length, 0);
        oracle.voidFixing(time, 0);
        oracle.record(report_);
        assertStatus(BTC, time, IOracle.Status.Void);
    }

    function test_voidFixing_inTheLastSecondOfTheSpanAndInTheNext() external {
        uint256 time = START + PERIOD;
        warp(time + SPAN - 1);
        oracle.record(reportAt(time));
        oracle.voidFixing(time, 0);
        assertStatus(BTC, time, IOracle.Status.Void);
        skip(1);
        recordNow(); // the slots of `time` are those of this second
        oracle.voidFixing(time, 4);
        oracle.voidRoot(time);
        assertStatus(NINTH, time, IOracle.Status.Void);
        assertStatus(NINTH, time + SPAN, IOracle.Status.Provisional);
        assertStatus(ALONE, time + SPAN, IOracle.Status.Provisional);
    }

    function test_fixing_theRootOfAYearAgoIsNotThatOfToday() external {
        oracle.record(reportAt(START));
        warp(START + YEAR + 7);
        assertStatus(BTC, START + YEAR, IOracle.Status.None);
    }

    function test_fixing_aReportBehindTheSpanIsNotEvenLogged() external {
        warp(START + PERIOD + SPAN);
        bytes memory report_ = reportAt(START + PERIOD);
        vm.recordLogs();
        oracle.record(report_);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    /// @dev Were slots counted by 301 seconds, these two neighbours would share one.
    function test_fixing_neighboursHaveSlotsOfTheirOwn() external {
        uint256 k = START / PERIOD;
        while ((k * PERIOD) / 301 != ((k + 1) * PERIOD) / 301) ++k;
        _assertBothKept(k * PERIOD, (k + 1) * PERIOD);
    }

    /// @dev Were slots counted by 299 seconds, these two would share one, less than a lap apart.
    function test_fixing_timesNearlyALapApartHaveSlotsOfTheirOwn() external {
        uint256 laps = SPAN / PERIOD;
        uint256 k = START / PERIOD + laps - 1;
        while (((k * PERIOD) / 299) % laps != (START / 299) % laps) --k;
        assertGt(k * PERIOD, START + SPAN / 2);
        _assertBothKept(START, k * PERIOD);
    }

    function _assertBothKept(uint256 a, uint256 b) private {
        warp(a);
        oracle.record(reportAt(a));
        warp(b);
        oracle.record(reportAt(b));
        skip(DISPUTE);
        assertEq(oracle.fixing(BTC, a), priceOf(BTC, a));
        assertEq(oracle.fixing(BTC, b), priceOf(BTC, b));
        assertEq(oracle.proveFixing(BTC, a, partAt(a, 0)), priceOf(BTC, a));
    }

    function test_proveAbsent_saysBothRoots() external {
        warp(START + PERIOD);
        oracle.record(reportAt(now_()));
        uint256 kept = uint224(uint256(rootOf(bundles, pricesAt(now_()).prices)));
        bytes memory mismatch = abi.encodeWithSelector(IOracle.RootMismatch.selector, 0, kept);
        assertReverts(abi.encodeCall(oracle.proveAbsent, (now_(), 0, new bytes32[](0))), mismatch);
    }

    // ---------------------------------------------------------------------------------------------- governing

    function test_governing_isLogged() external {
        (string[] memory symbols, uint8[] memory decimals) = (new string[](1), new uint8[](1));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](1), new uint32[](1));
        (symbols[0], decimals[0], methods[0], ages[0]) = ("USD/JPY", 3, keccak256("a method"), 60);
        uint256 full = uint256(keccak256(abi.encode(uint256(9), symbols, decimals, methods, ages)));
        vm.expectEmit(address(oracle));
        emit BundleDefined(9, bytes32((full >> 8) << 8), symbols, decimals, methods, ages); // one feed: 0 at the end
        oracle.defineBundle(9, symbols, decimals, methods, ages);
        vm.expectEmit(address(oracle));
        emit BundleHalted(9);
        oracle.halt(9);
        vm.expectEmit(address(oracle));
        emit BundleResumed(9);
        oracle.resume(9);
    }

    function test_domain_hasNeitherChainNorAddressNorExtensions() external view {
        (, , , uint256 chainId, address contract_, , uint256[] memory extensions) = IERC5267(address(oracle))
            .eip712Domain();
        assertEq(chainId, 0);
        assertEq(contract_, address(0));
        assertEq(extensions.length, 0);
    }

    function test_constructor_aYearAfterTheEpochIsLateEnough() external {
        warp(YEAR);
        deployOracle(address(this), SALT, DISPUTE, LATEST_DELAY);
    }

    /// @dev Words that were never stored stay so: with a large catalog their number would not fit into a block.
    function test_voidRoot_writesOnlyOverWhatIsStored() external {
        warp(START + PERIOD);
        oracle.record(reportOf(now_(), 1, 0));
        uint256 before = gasleft();
        oracle.voidRoot(now_());
        assertLt(before - gasleft(), 90_000); // six new words would take 132,600 more
    }

    /// @dev Bundle 15 fills its 64 words; what comes next belongs to bundle 16.
    function test_governing_theLargestBundleEndsBeforeTheNext() external {
        _defineOf(15, 256);
        _defineOf(16, 1);
        warp(START + PERIOD);
        uint256 time = recordNow();
        oracle.voidFixing(time, 15);
        oracle.halt(15);
        assertStatus(feedId(15, 255), time, IOracle.Status.Void);
        assertStatus(feedId(16, 0), time, IOracle.Status.Provisional);
        (int256 price, ) = oracle.latest(feedId(16, 0));
        assertEq(price, priceAt(time, 16, 0));
        (bool ok, , uint256 observedAt) = oracle.tryLatest(feedId(15, 255));
        assertFalse(ok);
        assertEq(observedAt, 0);
    }

    /// @dev Whatever the words hold: here, nothing but zeros and their time.
    function test_voidRoot_ofPricesOfZero() external {
        warp(START + PERIOD);
        Prices memory p = pricesAt(now_());
        for (uint256 i; i < 4; ++i) p.prices[0][i] = 0;
        oracle.record(wholeReport(signers, bundles, p));
        oracle.voidRoot(now_());
        assertStatus(BTC, now_(), IOracle.Status.Void);
        skip(DISPUTE);
        assertStatus(BTC, now_() - DISPUTE, IOracle.Status.Void);
    }
}
