// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Bundle, Prices} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev Sizes at which the bytes of a report or of its event take one byte, or one word, more: planted faults showed
/// that no other test comes to them.
contract OracleEdgesTest is OracleTest {
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
}
