// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice, Signers} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev Who may sign, in which bytes; signer sets, bundles and the governor.
contract OracleSignersTest is OracleTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    event SignersSet(uint256 indexed activeFrom, uint256 until, bytes set);
    event GovernorSet(address indexed governor);

    function setUp() public override {
        super.setUp();
        skip(10);
    }

    /// @dev A report of bundle 3 with any set bytes and signature bytes.
    function raw(bytes memory set, bytes memory signed) internal view returns (bytes memory) {
        return abi.encodePacked(uint32(now_()), set, signed, partAt(now_(), 1));
    }

    function root() internal view returns (bytes32) {
        return rootOf(bundles, pricesAt(now_()).prices);
    }

    function sig(uint256 index) internal view returns (bytes memory) {
        return signature(signers, index, now_(), root());
    }

    function assertRecordReverts(bytes memory report, bytes memory error_) internal {
        assertReverts(abi.encodeCall(oracle.record, (report)), error_);
        assertReverts(abi.encodeCall(oracle.verify, (report, ALONE, 60)), error_);
    }

    // ---------------------------------------------------------------------------------------------- signatures

    function test_signatures_ofEveryQuorumAreAccepted() external view {
        bytes memory set = setBytes(signers);
        for (uint256 missing; missing < 4; ++missing) {
            bytes memory signed;
            for (uint256 i; i < 4; ++i) if (i != missing) signed = bytes.concat(signed, sig(i));
            oracle.verify(raw(set, signed), ALONE, 60);
        }
    }

    function test_signatures_exactlyTheQuorum() external {
        bytes memory set = setBytes(signers);
        // One too many: its bytes are read as a part. One too few: the part is read as a signature.
        bytes memory four = raw(set, bytes.concat(sig(0), sig(1), sig(2), sig(3)));
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (four)));
        assertFalse(ok);
        bytes memory two = raw(set, bytes.concat(sig(0), sig(1)));
        (ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (two)));
        assertFalse(ok);
    }

    function test_signatures_ascendAndExist() external {
        bytes memory set = setBytes(signers);
        bytes memory twice = abi.encodeWithSelector(IOracle.BadSignature.selector, 1);
        assertRecordReverts(raw(set, bytes.concat(sig(1), sig(1), sig(2))), twice);
        assertRecordReverts(raw(set, bytes.concat(sig(1), sig(0), sig(2))), twice);
        bytes memory fifth = sig(3);
        fifth[0] = 0x04;
        bytes memory last = abi.encodeWithSelector(IOracle.BadSignature.selector, 2);
        assertRecordReverts(raw(set, bytes.concat(sig(0), sig(1), fifth)), last);
    }

    function testFuzz_signatures_ofAnyOtherBytesAreRefused(uint256 offset, uint8 flip) external {
        bytes memory signed = bytes.concat(sig(0), sig(1), sig(2));
        offset = bound(offset, 0, signed.length - 1);
        vm.assume(flip != 0);
        signed[offset] ^= bytes1(flip);
        assertRecordReverts(
            raw(setBytes(signers), signed),
            abi.encodeWithSelector(IOracle.BadSignature.selector, _firstRefused(offset, signed))
        );
    }

    /// @dev An index that is now too high refuses the next one, if that still ascends.
    function _firstRefused(uint256 offset, bytes memory signed) private pure returns (uint256 which) {
        which = offset / 65;
        if (offset % 65 != 0 || uint8(signed[offset]) >= 4) return which;
    }

    function test_signatures_inTheirHighFormAreRefused() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signers.keys[0], digest(now_(), root()));
        uint256 high = ORDER - uint256(s);
        // 255 bits of a high s: the twin that ecrecover would accept.
        bytes memory twin = abi.encodePacked(uint8(0), r, bytes32((uint256(28 - v) << 255) | high));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertRecordReverts(raw(setBytes(signers), bytes.concat(twin, sig(1), sig(2))), refused);
    }

    function test_signatures_ofAnAddressZeroCannotBe() external {
        // r = 0 makes ecrecover answer nothing; a set never holds the zero address that nothing would equal.
        bytes memory nothing = abi.encodePacked(uint8(0), bytes32(0), bytes32(uint256(1)));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertRecordReverts(raw(setBytes(signers), bytes.concat(nothing, sig(1), sig(2))), refused);
    }

    function test_signatures_ofAnotherNetworkAreRefused() external {
        IOracle other = deployOracle(address(this), keccak256("nakane:local:production"), DISPUTE, LATEST_DELAY);
        other.setSigners(setBytes(signers), now_(), 0);
        (string[] memory symbols, uint8[] memory decimals) = (new string[](1), new uint8[](1));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](1), new uint32[](1));
        (symbols[0], methods[0], ages[0]) = ("F3.0", keccak256("F3.0"), 30);
        other.defineBundle(3, symbols, decimals, methods, ages);
        assertEq(other.definition(3), oracle.definition(3));
        bytes memory report = raw(setBytes(signers), bytes.concat(sig(0), sig(1), sig(2)));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertReverts(address(other), abi.encodeCall(other.record, (report)), refused);
    }

    function test_signatures_serveEveryChainAndInstanceOfANetwork() external {
        bytes memory report = raw(setBytes(signers), bytes.concat(sig(0), sig(1), sig(2)));
        vm.chainId(11155111);
        oracle.record(report);
    }

    function test_domain_isExposed() external view {
        (bytes1 fields, string memory name, string memory version, , , bytes32 salt, ) = IERC5267(address(oracle))
            .eip712Domain();
        assertEq(uint256(uint8(fields)), 0x13);
        assertEq(name, "Nakane");
        assertEq(version, "1");
        assertEq(salt, SALT);
        (, , uint256 dispute, uint256 latestDelay, bytes32 separator, address governor) = oracle.config();
        assertEq(separator, domain());
        assertEq(dispute, DISPUTE);
        assertEq(latestDelay, LATEST_DELAY);
        assertEq(governor, address(this));
    }

    // ---------------------------------------------------------------------------------------------- bytes of reports

    function test_bytes_everyTruncationIsRefused() external {
        bytes memory report = reportAt(now_());
        for (uint256 length; length < report.length; length += 7) {
            bytes memory cut = new bytes(length);
            for (uint256 i; i < length; ++i) cut[i] = report[i];
            (bool ok, bytes memory error_) = address(oracle).call(abi.encodeCall(oracle.record, (cut)));
            assertFalse(ok);
            assertGe(error_.length, 4);
        }
        bytes memory longer = bytes.concat(report, hex"00");
        bytes memory bad = abi.encodeWithSelector(IOracle.BadPart.selector, report.length);
        assertReverts(abi.encodeCall(oracle.record, (longer)), bad);
    }

    function test_bytes_masksNameOnlyWordsThatExist() external {
        bytes memory report = reportOf(now_(), 1, 4); // bundle 3 has one word: bits 0 and 1
        bytes memory bad = abi.encodeWithSelector(IOracle.BadMask.selector, 3, 4);
        assertReverts(abi.encodeCall(oracle.record, (report)), bad);
    }

    function test_bytes_bundlesAscend() external {
        Choice[] memory choices = new Choice[](2);
        (choices[0], choices[1]) = (Choice(2, 1), Choice(1, 1));
        bytes memory report_ = report(signers, bundles, pricesAt(now_()), choices);
        bytes memory order = abi.encodeWithSelector(IOracle.BundleOrder.selector, 4, 3);
        assertReverts(abi.encodeCall(oracle.record, (report_)), order);
        choices[1] = choices[0];
        report_ = report(signers, bundles, pricesAt(now_()), choices);
        order = abi.encodeWithSelector(IOracle.BundleOrder.selector, 4, 4);
        assertReverts(abi.encodeCall(oracle.record, (report_)), order);
    }

    function test_bytes_everyPartLeadsToTheSameRoot() external {
        bytes memory signed = signatures(signers, 0, now_(), root());
        bytes memory mixed = abi.encodePacked(
            uint32(now_()),
            setBytes(signers),
            signed,
            partAt(now_(), 1),
            partAt(now_() - 1, 2)
        );
        uint256 given = uint256(rootOf(bundles, pricesAt(now_() - 1).prices));
        bytes memory mismatch = abi.encodeWithSelector(IOracle.RootMismatch.selector, given, uint256(root()));
        assertReverts(abi.encodeCall(oracle.record, (mixed)), mismatch);
    }

    function test_bytes_bundlesAreDefined() external {
        bundles[1].number = 5;
        bytes memory report = reportOf(now_(), 1, 1);
        bytes memory unknown = abi.encodeWithSelector(IOracle.UnknownBundle.selector, 5);
        assertReverts(abi.encodeCall(oracle.record, (report)), unknown);
    }

    // ---------------------------------------------------------------------------------------------- signer sets

    function test_sets_rotationAtATime() external {
        Signers memory next = makeSigners("next", 7);
        uint256 activeFrom = now_() + 100;
        vm.expectEmit(address(oracle));
        emit SignersSet(activeFrom, activeFrom + 50, setBytes(next));
        oracle.setSigners(setBytes(next), activeFrom, 50);

        oracle.record(reportAt(now_())); // the old set goes on
        bytes memory early = wholeReport(next, bundles, pricesAt(now_()));
        assertReverts(abi.encodeCall(oracle.record, (early)), _unknown(next, signers));

        warp(activeFrom);
        oracle.record(wholeReport(next, bundles, pricesAt(now_())));
        assertReverts(abi.encodeCall(oracle.record, (reportAt(now_()))), _unknown(signers, next));
        warp(activeFrom + 49);
        oracle.record(reportAt(activeFrom - 1)); // the old set's own time, within the overlap
        bytes memory late = reportAt(activeFrom - 1);
        warp(activeFrom + 50);
        bytes memory none = abi.encodeWithSelector(IOracle.NoSetInForce.selector, activeFrom - 1);
        assertReverts(abi.encodeCall(oracle.record, (late)), none);
    }

    function test_sets_anEmergencyCutsTheOldSetOffAtOnce() external {
        bytes memory before = reportAt(now_() - 1);
        Signers memory next = makeSigners("next", 4);
        oracle.setSigners(setBytes(next), now_(), 0);
        bytes memory none = abi.encodeWithSelector(IOracle.NoSetInForce.selector, now_() - 1);
        assertReverts(abi.encodeCall(oracle.record, (before)), none);
        oracle.record(wholeReport(next, bundles, pricesAt(now_())));
    }

    function test_sets_replacingAPendingSetKeepsTheSetInForce() external {
        Signers memory wrong = makeSigners("wrong", 4);
        Signers memory next = makeSigners("next", 4);
        oracle.setSigners(setBytes(wrong), now_() + 100, 50);
        skip(50);
        oracle.setSigners(setBytes(next), now_() + 200, 50);
        oracle.record(reportAt(now_()));
        skip(150);
        oracle.record(reportAt(now_())); // past the pending set's time, before the new one's
        bytes memory early = wholeReport(wrong, bundles, pricesAt(now_()));
        assertReverts(abi.encodeCall(oracle.record, (early)), _unknown(wrong, signers));
        skip(50);
        oracle.record(wholeReport(next, bundles, pricesAt(now_())));
        oracle.record(reportAt(now_() - 1));
    }

    function test_sets_aRetiredSetSignsNoTimeBeforeItsOwn() external {
        Signers memory second = makeSigners("second", 4);
        Signers memory third = makeSigners("third", 4);
        uint256 secondFrom = now_() + 10;
        oracle.setSigners(setBytes(second), secondFrom, SPAN);
        warp(secondFrom + 20);
        oracle.setSigners(setBytes(third), now_(), SPAN);
        oracle.record(wholeReport(second, bundles, pricesAt(secondFrom + 10)));
        bytes memory early = wholeReport(second, bundles, pricesAt(secondFrom - 1));
        bytes memory none = abi.encodeWithSelector(IOracle.NoSetInForce.selector, secondFrom - 1);
        assertReverts(abi.encodeCall(oracle.record, (early)), none);
    }

    function test_sets_beforeTheFirstThereIsNone() external {
        IOracle fresh = deployOracle(address(this), SALT, DISPUTE, LATEST_DELAY);
        bytes memory report = reportAt(now_());
        (bool ok, bytes memory error_) = address(fresh).call(abi.encodeCall(fresh.record, (report)));
        assertFalse(ok);
        assertEq(bytes32(bytes4(error_)), bytes32(IOracle.UnknownSigners.selector));
    }

    function testFuzz_sets_quorumsThatTwoCouldShareWithoutAnHonestSignerAreRefused(uint8 q, uint8 n) external {
        n = uint8(bound(n, 1, 40));
        Signers memory s = makeSigners("set", n);
        s.q = q;
        bool good = q <= n && 2 * uint256(q) > n + uint256(n - 1) / 3;
        (bool ok, bytes memory error_) = address(oracle).call(
            abi.encodeCall(oracle.setSigners, (setBytes(s), now_(), 0))
        );
        assertEq(ok, good);
        if (!good) assertEq(error_, abi.encodeWithSelector(IOracle.BadQuorum.selector, q, n));
    }

    function test_sets_errors() external {
        bytes memory set = setBytes(signers);
        uint256 time = now_();
        _setReverts(hex"", time, 0, abi.encodeWithSelector(IOracle.BadLength.selector, 0, 2));
        _setReverts(hex"01", time, 0, abi.encodeWithSelector(IOracle.BadLength.selector, 1, 2));
        _setReverts(hex"0101", time, 0, abi.encodeWithSelector(IOracle.BadLength.selector, 2, 22));
        _setReverts(bytes.concat(set, hex"00"), time, 0, abi.encodeWithSelector(IOracle.BadLength.selector, 83, 82));
        _setReverts(hex"0000", time, 0, abi.encodeWithSelector(IOracle.BadQuorum.selector, 0, 0));
        bytes memory zero = abi.encodePacked(hex"0101", address(0));
        _setReverts(zero, time, 0, abi.encodeWithSelector(IOracle.SignerOrder.selector, address(0), address(0)));
        bytes memory same = abi.encodePacked(hex"0202", address(7), address(7));
        _setReverts(same, time, 0, abi.encodeWithSelector(IOracle.SignerOrder.selector, address(7), address(7)));
        _setReverts(set, time, SPAN + 1, abi.encodeWithSelector(IOracle.OverlapTooLong.selector, SPAN + 1, SPAN));
        _setReverts(set, time - 1, 0, abi.encodeWithSelector(IOracle.BadActiveFrom.selector, time - 1, time));
        uint256 far = type(uint32).max - SPAN + 1;
        _setReverts(set, far, 0, abi.encodeWithSelector(IOracle.BadActiveFrom.selector, far, time));
        oracle.setSigners(set, far - 1, SPAN);
    }

    function _setReverts(bytes memory set, uint256 activeFrom, uint256 overlap, bytes memory error_) private {
        assertReverts(abi.encodeCall(oracle.setSigners, (set, activeFrom, overlap)), error_);
    }

    function _unknown(Signers memory given, Signers memory expected) private pure returns (bytes memory) {
        uint256 g = uint192(uint256(keccak256(setBytes(given))));
        return
            abi.encodeWithSelector(IOracle.UnknownSigners.selector, g, uint192(uint256(keccak256(setBytes(expected)))));
    }

    // ---------------------------------------------------------------------------------------------- bundles, governor

    function test_defineBundle_onceAndForEver() external {
        assertEq(uint256(uint8(uint256(oracle.definition(4)))), 8, "the last byte is the number of feeds less one");
        _defineReverts(4, 1, 1, abi.encodeWithSelector(IOracle.BundleExists.selector, 4));
        _defineReverts(2 ** 24, 1, 1, abi.encodeWithSelector(IOracle.BadBundle.selector, 2 ** 24, 1));
        _defineReverts(5, 0, 0, abi.encodeWithSelector(IOracle.BadBundle.selector, 5, 0));
        _defineReverts(5, 257, 257, abi.encodeWithSelector(IOracle.BadBundle.selector, 5, 257));
        _defineReverts(5, 2, 1, abi.encodeWithSelector(IOracle.BadBundle.selector, 5, 2));
        (bool ok, ) = _define(2 ** 24 - 1, 256, 256);
        assertTrue(ok);
    }

    function _define(uint256 bundle, uint256 feeds, uint256 others) private returns (bool ok, bytes memory error_) {
        bytes memory call = abi.encodeCall(
            oracle.defineBundle,
            (bundle, new string[](feeds), new uint8[](others), new bytes32[](feeds), new uint32[](feeds))
        );
        (ok, error_) = address(oracle).call(call);
    }

    function _defineReverts(uint256 bundle, uint256 feeds, uint256 others, bytes memory expected) private {
        (bool ok, bytes memory error_) = _define(bundle, feeds, others);
        assertFalse(ok);
        assertEq(error_, expected);
    }

    function test_governor_aloneGoverns() external {
        bytes[] memory calls = new bytes[](7);
        calls[0] = abi.encodeCall(oracle.setSigners, (setBytes(signers), now_(), 0));
        calls[1] = abi.encodeCall(
            oracle.defineBundle,
            (9, new string[](1), new uint8[](1), new bytes32[](1), new uint32[](1))
        );
        calls[2] = abi.encodeCall(oracle.halt, (0));
        calls[3] = abi.encodeCall(oracle.resume, (0));
        calls[4] = abi.encodeCall(oracle.voidFixing, (START, 0));
        calls[5] = abi.encodeCall(oracle.voidRoot, (START));
        calls[6] = abi.encodeCall(oracle.setGovernor, (address(1)));
        address stranger = actor("stranger");
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(stranger);
            assertReverts(calls[i], abi.encodeWithSelector(IOracle.NotGovernor.selector, stranger, address(this)));
        }
    }

    function test_setGovernor_handsOver() external {
        assertReverts(
            abi.encodeCall(oracle.setGovernor, (address(0))),
            abi.encodeWithSelector(IOracle.ZeroGovernor.selector)
        );
        address next = actor("next");
        vm.expectEmit(address(oracle));
        emit GovernorSet(next);
        oracle.setGovernor(next);
        bytes memory gone = abi.encodeWithSelector(IOracle.NotGovernor.selector, address(this), next);
        assertReverts(abi.encodeCall(oracle.halt, (0)), gone);
        vm.prank(next);
        oracle.halt(0);
    }

    function test_constructor_refusesWhatCannotWork() external {
        bytes memory tooLong = abi.encodeWithSelector(IOracle.DisputeTooLong.selector, 24 hours + 1, 24 hours);
        _deployReverts(address(this), 24 hours + 1, tooLong);
        _deployReverts(address(0), DISPUTE, abi.encodeWithSelector(IOracle.ZeroGovernor.selector));
        deployOracle(address(this), SALT, 24 hours, LATEST_DELAY);
        warp(YEAR - 1);
        _deployReverts(address(this), DISPUTE, abi.encodeWithSelector(IOracle.ClockNotSet.selector, YEAR - 1));
    }

    function _deployReverts(address governor, uint256 dispute, bytes memory expected) private {
        assertReverts(address(this), abi.encodeCall(this.deployFor, (governor, dispute)), expected);
    }

    function deployFor(address governor, uint256 dispute) external {
        deployOracle(governor, SALT, dispute, LATEST_DELAY);
    }
}
