// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {ExpiryFixing, Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {IOptions} from "../../../contracts/options/IOptions.sol";
import {
    IOptionSeries,
    Offer,
    SeriesPhase,
    SeriesState,
    SeriesTerms
} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind} from "../../../contracts/options/SeriesPayoff.sol";
import {FeeToken} from "../mocks/FeeToken.sol";
import {HookToken, ITokenHooks} from "../mocks/HookToken.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {vm} from "../utils/Test.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @notice Twenty ways in which settlement of options has gone wrong elsewhere, each as a scenario here.
contract SeriesRegressionsTest is SeriesWorld {
    function setUp() external {
        _buildSeries();
    }

    /// @dev 1. A tie: observed exactly at the expiry. There are no rounds to choose between: a fixing has a time.
    function test_01_aTie_theReportOfTheExpirysSecondIsTheFixing() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        warp(EXPIRY - PERIOD);
        _record(EXPIRY - PERIOD, 140_00, true);
        warp(EXPIRY);
        _record(EXPIRY, 110_00, true);
        warp(EXPIRY + PERIOD);
        _record(EXPIRY + PERIOD, 130_00, true);
        warp(EXPIRY + PERIOD + DISPUTE);
        _settle(t);
        assertEq(desk.stateOf(series).total, 110_00);
    }

    /// @dev 2. A privileged caller with the wrong round: nobody is privileged, and no other time's proof is taken.
    function test_02_anotherRound_isTakenFromNobody() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        warp(EXPIRY);
        _record(EXPIRY - PERIOD, 140_00, false);
        _record(EXPIRY, 110_00, false);
        warp(EXPIRY + DISPUTE);
        Proof[] memory proofs = new Proof[](2);
        (proofs[0], proofs[1]) = (_proof(140_00), _proof(140_00));
        address[3] memory callers = [seller, buyer, address(this)]; // the last one governs the oracle
        for (uint256 i; i < 3; ++i) {
            vm.prank(callers[i]);
            (bool ok, bytes memory reason) = address(desk).call(abi.encodeCall(desk.settle, (t, proofs)));
            assertFalse(ok);
            assertEq(bytes32(bytes4(reason)), bytes32(IOracle.RootMismatch.selector));
        }
        proofs[0] = _proof(110_00);
        desk.settle(t, proofs);
        assertEq(_claim(t, buyer), 10e18);
    }

    /// @dev 3. Zero is a price, and no price is not zero.
    function test_03_zero_isAPrice_andNoPriceIsNotZero() external {
        SeriesTerms memory t = _terms(SeriesKind.Put, "");
        uint256 series = _sell(t, "", UNIT);
        _fix(EXPIRY, 0);
        _settle(t);
        assertEq(_claim(t, buyer), 50e18);

        _buildSeries();
        _sell(t = _terms(SeriesKind.Put, ""), "", UNIT);
        warp(EXPIRY);
        _record(EXPIRY, NO_PRICE, true);
        _record(EXPIRY - PERIOD, 90_00, true);
        skip(DISPUTE);
        _settle(t);
        series = desk.seriesOf(t);
        assertEq(desk.stateOf(series).total, 90_00);
    }

    /// @dev 4. A negative price stays one: never the largest number there is.
    function test_04_aNegativePrice_isNotALargeOne() external {
        for (uint256 i; i < KINDS; ++i) {
            _buildSeries();
            bytes memory times = i < 5 ? bytes("") : _days(1);
            SeriesTerms memory t = _terms(SeriesKind(i), times);
            _sell(t, times, UNIT);
            _fix(EXPIRY, -1);
            if (i < 5) _settle(t);
            else _observe(t, times, 0);
            bool falls = i == 1 || i == 4 || i == 6 || i == 8;
            assertEq(_claim(t, seller) == 0, falls);
            assertEq(_claim(t, buyer) != 0, falls);
            assertEq(cash.balanceOf(address(desk)), 0);
        }
    }

    /// @dev 5. Decimals of the feed and of the token, each of the odd ones with each.
    function test_05_decimals_0_6_8_18_20() external {
        uint8[5] memory decimals = [0, 6, 8, 18, 20];
        for (uint256 i; i < 5; ++i) {
            feedDecimals = decimals[i];
            int256 one = i < 3 ? int256(10 ** decimals[i]) : int256(1); // prices end at 3.6 · 10^16
            for (uint256 j; j < 5; ++j) {
                _buildSeries();
                SampleMoney token = new SampleMoney("ODD", decimals[j]);
                _fund(token, seller);
                _approve(token, seller);
                SeriesTerms memory t = _terms(SeriesKind.Call, "");
                (t.token, t.strike, t.bound) = (token, int56(100 * one), int56(150 * one));
                uint256 unit = i < 3 ? 10 ** decimals[j] : 1;
                _sell(t, "", uint128(7 * (i < 3 ? unit : 10 ** decimals[i]))); // or of the smallest difference
                _fix(EXPIRY, 130 * one);
                _settle(t);
                assertEq(_claim(t, buyer), 210 * unit);
                assertEq(_claim(t, seller), 140 * unit);
            }
        }
    }

    /// @dev 6. Another phase of the aggregator between expiry and settlement; here other signers.
    function test_06_otherSignersBetweenExpiryAndSettlement_changeNothing() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        warp(EXPIRY);
        _record(EXPIRY, 120_00, false);
        oracle.setSigners(abi.encodePacked(uint8(1), uint8(1), actor("next signer")), EXPIRY + 1, 0);
        warp(EXPIRY + 20 days);
        Proof[] memory proofs = new Proof[](1);
        proofs[0] = _proof(120_00);
        desk.settle(t, proofs);
        assertEq(_claim(t, buyer), 20e18);
    }

    /// @dev 7. Ten thousand periods without a report: nothing searches through them.
    function test_07_aGapOfTenThousandPeriods_costsNoMoreThanThirteenReads() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.expiry = uint32(START + 10_000 * PERIOD);
        _sell(t, "", UNIT);
        uint256 snapshot = vm.snapshotState();
        _fix(t.expiry, 120_00);
        uint256 before = gasleft();
        _settle(t);
        assertLt(before - gasleft(), 60_000);
        vm.revertToState(snapshot);
        warp(t.expiry + GRACE + 1);
        before = gasleft();
        _settle(t);
        assertLt(before - gasleft(), 250_000);
        _assertPhase(desk.seriesOf(t), SeriesPhase.Split);
    }

    /// @dev 8. A price of 25 hours ago, which others settle on. Here an hour is the most, and then the share.
    function test_08_aPriceOf25HoursAgo_isNotSettledOn() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        _fix(EXPIRY - 25 hours, 140_00);
        _fix(EXPIRY - 13 * PERIOD, 140_00);
        warp(DEADLINE + 1);
        _settle(t);
        _assertPhase(series, SeriesPhase.Split);
    }

    /// @dev 9. Settled late: on the same price as early, whatever the latest price is.
    function test_09_settledLate_isSettledAlike() external {
        bytes memory times = _days(3);
        uint256[4] memory waits = [DISPUTE, 20 days, 40 days, LAST - 3 days];
        for (uint256 i; i < 4; ++i) {
            _buildSeries();
            SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
            SeriesTerms memory call = _terms(SeriesKind.Call, "");
            _sell(t, times, UNIT);
            _sell(call, "", UNIT);
            for (uint256 j; j < 3; ++j) {
                warp(EXPIRY - (2 - j) * 1 days);
                _record(now_(), int256(110_00 + 5_00 * j), true);
            }
            warp(EXPIRY + waits[i]);
            _record(now_(), 149_00, true);
            (int256 live, ) = oracle.latest(FEED, 0);
            assertEq(live, 149_00);
            Proof[] memory proofs = new Proof[](1);
            for (uint256 j; j < 3; ++j) {
                proofs[0] = _proof(int256(110_00 + 5_00 * j));
                desk.observe(t, times, j, proofs);
            }
            desk.settle(call, proofs);
            assertEq(_claim(call, buyer), 20e18);
            vm.prank(buyer);
            assertEq(desk.claim(t), 15e18);
        }
    }

    /// @dev 10. Settled twice, and claimed twice in one batch.
    function test_10_twiceInOneBatch_isOnceOnly() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        vm.prank(seller);
        desk.write(t, UNIT); // there would be something to take
        _fix(EXPIRY, 120_00);
        bytes[] memory calls = new bytes[](2);
        calls[0] = calls[1] = abi.encodeCall(desk.settle, (t, new Proof[](0)));
        bytes memory reason = abi.encodeWithSelector(
            IOptionSeries.WrongSeriesPhase.selector,
            series,
            SeriesPhase.Fixed,
            SeriesPhase.Open
        );
        _refused(buyer, abi.encodeCall(Multicall.multicall, (calls)), reason);
        _settle(t);
        calls[0] = calls[1] = abi.encodeCall(desk.claim, (t));
        reason = abi.encodeWithSelector(IOptionSeries.NothingToClaim.selector, series, buyer);
        _refused(buyer, abi.encodeCall(Multicall.multicall, (calls)), reason);
        assertEq(_claim(t, buyer), 20e18);
    }

    /// @dev 11. A donation before settlement: balances decide nothing.
    function test_11_aDonation_movesNothing() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        cash.mint(address(desk), 777);
        _fix(EXPIRY, 120_00);
        _settle(t);
        assertEq(_claim(t, buyer), 20e18);
        assertEq(_claim(t, seller), 30e18);
        assertEq(cash.balanceOf(address(desk)), 777);
    }

    /// @dev 12. The last claimer, whoever he is, after rounding of all before him.
    function test_12_theLastClaimer_isPaid() external {
        for (uint256 last; last < 4; ++last) {
            _buildSeries();
            SeriesTerms memory t = _terms(SeriesKind.Call, "");
            uint256 series = _sell(t, "", 10);
            (address a, address b) = (actor("a"), actor("b"));
            vm.prank(buyer);
            desk.safeTransferFrom(buyer, a, series, 3, "");
            vm.prank(seller);
            desk.safeTransferFrom(seller, b, series + 1, 7, "");
            _fix(EXPIRY, 116_67);
            _settle(t);
            address[4] memory holders = [seller, buyer, a, b];
            uint256 paid;
            for (uint256 i; i < 4; ++i) paid += _claim(t, holders[(last + 1 + i) % 4]);
            assertEq(paid, 500 - 2); // 3 · 33.33, 7 · 16.67, 3 · 16.67, 7 · 33.33, each rounded down
            assertEq(cash.balanceOf(address(desk)), 2);
        }
    }

    /// @dev 13. Assets without a single share: who comes first takes none of them.
    function test_13_assetsOfNobody_goToNobody() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        desk.create(t, "", UNIT);
        vm.prank(seller);
        desk.close(t, UNIT);
        cash.mint(address(desk), 1_000e18);
        vm.prank(buyer);
        desk.write(t, UNIT);
        vm.prank(buyer);
        assertEq(desk.close(t, UNIT), 50e18);
        _fix(EXPIRY, 120_00);
        _settle(t);
        bytes memory reason = abi.encodeWithSelector(IOptionSeries.NothingToClaim.selector, desk.seriesOf(t), buyer);
        _refused(buyer, abi.encodeCall(desk.claim, (t)), reason);
    }

    /// @dev 14. A price restated after settlement: the oracle refuses, and the series has its own copy and asks no more.
    function test_14_aRestatedPrice_changesNothing() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        _fix(EXPIRY, 120_00);
        _settle(t);
        SeriesState memory before = desk.stateOf(series);
        bytes memory late = abi.encodeWithSelector(IOracle.AlreadyFinal.selector, EXPIRY, EXPIRY + DISPUTE);
        assertReverts(address(oracle), abi.encodeCall(oracle.voidFixing, (EXPIRY, 1)), late);
        try this.recordAgain(130_00) {} catch {}
        assertEq(abi.encode(desk.stateOf(series)), abi.encode(before));
        vm.etch(address(oracle), hex"fe");
        assertEq(_claim(t, buyer), 20e18);
        assertEq(_claim(t, seller), 30e18);
    }

    function recordAgain(int256 price) external {
        _record(EXPIRY, price, true);
    }

    /// @dev 15. Disputed in the last second: void until then, settled from then on, and never both.
    function test_15_aDisputeInTheLastSecond() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        bytes memory call = abi.encodeCall(desk.settle, (t, new Proof[](0)));
        warp(EXPIRY);
        _record(EXPIRY - PERIOD, 105_00, true);
        _record(EXPIRY, 120_00, true);
        warp(EXPIRY + DISPUTE - 1);
        bytes4 provisional = ExpiryFixing.FixingProvisional.selector;
        _refused(buyer, call, abi.encodeWithSelector(provisional, EXPIRY, EXPIRY + DISPUTE));
        uint256 snapshot = vm.snapshotState();
        oracle.voidFixing(EXPIRY, 1);
        _refused(buyer, call, abi.encodeWithSelector(provisional, EXPIRY - PERIOD, EXPIRY + DISPUTE));
        warp(EXPIRY + DISPUTE);
        _settle(t);
        assertEq(desk.stateOf(series).total, 105_00);
        vm.revertToState(snapshot);
        warp(EXPIRY + DISPUTE);
        bytes memory late = abi.encodeWithSelector(IOracle.AlreadyFinal.selector, EXPIRY, EXPIRY + DISPUTE);
        assertReverts(address(oracle), abi.encodeCall(oracle.voidFixing, (EXPIRY, 1)), late);
        _settle(t);
        assertEq(desk.stateOf(series).total, 120_00);
    }

    /// @dev 16. The oracle is paused at the expiry: a halt is for latest prices.
    function test_16_aHaltAtTheExpiry_stopsNoFixing() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        warp(EXPIRY - 1);
        oracle.halt(1);
        _fix(EXPIRY, 120_00);
        _settle(t);
        assertEq(_claim(t, buyer), 20e18);
    }

    /// @dev 17. A collateral of 6 decimals, and one that takes a fee.
    function test_17_sixDecimalsAreWhole_aFeeIsRefused() external {
        SampleMoney usd = new SampleMoney("USD", 6);
        FeeToken fee = new FeeToken();
        _fund(usd, seller);
        _approve(usd, seller);
        _fund(fee, seller);
        _approve(fee, seller);
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.token = fee;
        bytes memory reason = abi.encodeWithSelector(IOptions.AmountMoved.selector, 49.5e18, 50e18);
        _refused(seller, abi.encodeCall(desk.create, (t, "", UNIT)), reason);
        t.token = usd;
        _sell(t, "", 1e6);
        _fix(EXPIRY, 112_34);
        _settle(t);
        assertEq(_claim(t, buyer), 12.34e6);
        assertEq(_claim(t, seller), 37.66e6);
    }

    /// @dev 18. Whoever receives money or tokens calls back: he finds the door closed, and nobody else is stopped.
    function test_18_receiversThatCallBackOrRefuse() external {
        HookToken token = new HookToken();
        Receiver receiver = new Receiver(desk, token);
        _fund(token, seller);
        _approve(token, seller);
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.token = token;
        vm.prank(seller);
        uint256 series = desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        o.premium = 0;
        vm.prank(seller);
        desk.offer(o, UNIT);

        // While he receives long tokens: they are his, but he can do nothing else with the desk.
        bytes[6] memory calls = [
            abi.encodeCall(desk.buy, (o, 1)),
            abi.encodeCall(desk.write, (t, UNIT)),
            abi.encodeCall(desk.close, (t, 0)),
            abi.encodeCall(desk.settle, (t, new Proof[](0))),
            abi.encodeCall(desk.observe, (t, "", 0, new Proof[](0))),
            abi.encodeCall(desk.claim, (t))
        ];
        for (uint256 i; i < 6; ++i) {
            receiver.callBack(calls[i]);
            vm.prank(address(receiver));
            desk.buy(o, UNIT / 10);
            assertEq(receiver.answer(), _closed());
            assertEq(desk.balanceOf(address(receiver), series), ((i + 1) * UNIT) / 10);
            assertEq(receiver.told(), abi.encode(address(receiver), seller, series, UNIT / 10));
        }
        vm.prank(address(receiver));
        desk.buy(o, (4 * UNIT) / 10);

        // While he is paid.
        _fix(EXPIRY, 130_00);
        _settle(t);
        receiver.callBack(abi.encodeCall(desk.claim, (t)));
        vm.prank(address(receiver));
        assertEq(desk.claim(t), 30e18);
        assertEq(receiver.answer(), _closed());
        assertEq(token.balanceOf(address(desk)), 20e18);
        assertEq(_claim(t, seller), 20e18);
    }

    function test_18_aReceiverThatRefusesMoney_handsHisTokensToAnother() external {
        HookToken token = new HookToken();
        Receiver receiver = new Receiver(desk, token);
        _fund(token, seller);
        _approve(token, seller);
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.token = token;
        vm.prank(seller);
        uint256 series = desk.create(t, "", UNIT);
        vm.prank(seller);
        desk.safeTransferFrom(seller, address(receiver), series, UNIT, "");
        _fix(EXPIRY, 130_00);
        _settle(t);
        receiver.refuse();
        bytes memory refused = abi.encodeWithSelector(Receiver.Refused.selector);
        _refused(address(receiver), abi.encodeCall(desk.claim, (t)), refused);
        assertEq(_claim(t, seller), 20e18);
        vm.prank(address(receiver));
        desk.safeTransferFrom(address(receiver), buyer, series, UNIT, "");
        assertEq(_claim(t, buyer), 30e18);
    }

    /// @dev While a writer's money is taken, before he has tokens.
    function test_18_aWriterThatCallsBack_writesOnce() external {
        HookToken token = new HookToken();
        Receiver receiver = new Receiver(desk, token);
        _fund(token, address(receiver));
        _approve(token, address(receiver));
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.token = token;
        receiver.callBack(abi.encodeCall(desk.write, (t, UNIT)));
        vm.prank(address(receiver));
        uint256 series = desk.create(t, "", UNIT);
        assertEq(receiver.answer(), _closed());
        assertEq(desk.balanceOf(address(receiver), series), UNIT);
        assertEq(token.balanceOf(address(desk)), 50e18);
    }

    /// @dev While a seller is paid the premium, before his tokens have moved: he may cancel what is left, but without
    /// his tokens he is not paid.
    function test_18_aSellerThatCallsBack_sellsOrIsNotPaid() external {
        HookToken token = new HookToken();
        Receiver receiver = new Receiver(desk, token);
        _fund(token, buyer);
        _approve(token, buyer);
        _fund(cash, address(receiver));
        _approve(cash, address(receiver));
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(address(receiver));
        uint256 series = desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        (o.seller, o.premiumToken) = (address(receiver), token);
        vm.prank(address(receiver));
        bytes32 id = desk.offer(o, UNIT);

        receiver.callBack(abi.encodeCall(desk.cancel, (o)));
        vm.prank(buyer);
        desk.buy(o, UNIT / 4);
        assertEq(desk.leftOf(id), 0);
        assertEq(desk.balanceOf(buyer, series), UNIT / 4);

        vm.prank(address(receiver));
        desk.offer(o, UNIT / 2);
        receiver.callBack(
            abi.encodeCall(desk.safeTransferFrom, (address(receiver), seller, series, (3 * UNIT) / 4, ""))
        );
        uint256 before = token.balanceOf(buyer);
        bytes4 missing = IERC1155Errors.ERC1155InsufficientBalance.selector;
        bytes memory reason = abi.encodeWithSelector(missing, address(receiver), 0, UNIT / 2, series);
        _refused(buyer, abi.encodeCall(desk.buy, (o, UNIT / 2)), reason);
        assertEq(token.balanceOf(buyer), before);
        assertEq(desk.balanceOf(address(receiver), series), (3 * UNIT) / 4);
    }

    /// @dev 19. 15:30 in Tokyo is 06:30 UTC on every day of the year, whatever clocks do elsewhere: two years of them,
    /// leap day included, are a list of times 86,400 s apart.
    function test_19_halfPastThreeInTokyo_isAFixingTimeOnEveryDay() external {
        uint256 first = 1_830_321_000; // 2028-01-01 15:30 in Tokyo; 2028 has a 29 February
        bytes memory times;
        for (uint256 i; i < 730; ++i) times = bytes.concat(times, bytes4(uint32(first + i * 86_400)));
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        vm.prank(seller);
        desk.create(t, times, UNIT);
        assertEq(_at(times, 59), 1_835_418_600); // 2028-02-29 15:30 in Tokyo
        assertEq(_at(times, 85), 1_837_665_000); // 2028-03-26 15:30 in Tokyo, when Europe's clocks go forward
        assertEq(t.expiry, 1_893_306_600); // 2029-12-30 15:30 in Tokyo
    }

    /// @dev 20. The chain's clock a second before, at and after the expiry.
    function test_20_aSecondBeforeAtAndAfterTheExpiry() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        bytes memory pending = abi.encodeWithSelector(ExpiryFixing.FixingPending.selector, EXPIRY, DEADLINE);
        bytes memory call = abi.encodeCall(desk.settle, (t, new Proof[](0)));
        warp(EXPIRY - 1);
        _refused(buyer, call, pending);
        vm.prank(seller);
        desk.write(t, UNIT);
        warp(EXPIRY);
        _refused(buyer, call, pending);
        bytes memory ended = abi.encodeWithSelector(IOptionSeries.SeriesEnded.selector, EXPIRY, EXPIRY);
        _refused(seller, abi.encodeCall(desk.write, (t, UNIT)), ended);
        warp(EXPIRY + 1);
        _record(EXPIRY, 120_00, true);
        bytes4 provisional = ExpiryFixing.FixingProvisional.selector;
        _refused(buyer, call, abi.encodeWithSelector(provisional, EXPIRY, EXPIRY + 1 + DISPUTE));
        warp(EXPIRY + 1 + DISPUTE);
        _settle(t);
    }

    function _closed() private pure returns (bytes memory) {
        return abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
    }
}

/// @dev Receives long, short and money; refuses money, or calls the desk back whenever something arrives or leaves.
contract Receiver is ITokenHooks {
    error Refused();

    IOptionSeries private immutable DESK;
    bool private _refuses;
    bytes private _call;
    bytes public answer;
    bytes public told; // of the last token

    constructor(IOptionSeries desk, HookToken token) {
        DESK = desk;
        token.hook();
    }

    function refuse() external {
        _refuses = true;
    }

    function callBack(bytes calldata call) external {
        (_call, answer) = (call, "");
    }

    function tokensToSend() external {
        _back();
    }

    function tokensReceived() external {
        if (_refuses) revert Refused();
        _back();
    }

    function onERC1155Received(
        address operator,
        address from,
        uint256 token,
        uint256 amount,
        bytes calldata
    ) external returns (bytes4) {
        told = abi.encode(operator, from, token, amount);
        _back();
        return IERC1155Receiver.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external returns (bytes4) {
        _back();
        return IERC1155Receiver.onERC1155BatchReceived.selector;
    }

    function _back() private {
        if (_call.length == 0) return;
        bytes memory call = _call;
        _call = "";
        (, answer) = address(DESK).call(call);
    }
}
