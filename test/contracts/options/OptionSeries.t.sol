// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Errors, IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {NO_PRICE, feedId} from "../../../contracts/FeedId.sol";
import {ICatalog} from "../../../contracts/interfaces/ICatalog.sol";
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
import {Payoff} from "../../../contracts/options/Payoff.sol";
import {SeriesKind, SeriesPayoff, Weights} from "../../../contracts/options/SeriesPayoff.sol";
import {FeeToken} from "../mocks/FeeToken.sol";
import {SilentToken} from "../mocks/SilentToken.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {vm} from "../utils/Test.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @notice Each rule of IOptionSeries by example: what is refused, who receives what.
contract OptionSeriesTest is SeriesWorld {
    function setUp() external {
        _buildSeries();
    }

    // ---------------------------------------------------------------------------------------------- creating

    function test_create_refusesTermsThatCannotHold() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.longShare = 10_001;
        _notCreated(t, "", abi.encodeWithSelector(IOptions.ShareTooLarge.selector, 10_001, 10_000));
        t = _terms(SeriesKind.Call, "");
        t.decimals = 8;
        _notCreated(t, "", abi.encodeWithSelector(IOptions.WrongDecimals.selector, 8, 2));
        t = _terms(SeriesKind.Call, "");
        t.method = keccak256("last trade");
        _notCreated(t, "", abi.encodeWithSelector(IOptions.WrongMethod.selector, t.method, METHOD));
        t = _terms(SeriesKind.Call, "");
        t.feed = feedId(1, 1);
        _notCreated(t, "", abi.encodeWithSelector(ICatalog.UnknownFeed.selector, t.feed, 1));
        t = _terms(SeriesKind.Call, "");
        t.bound = 100_00;
        _notCreated(t, "", abi.encodeWithSelector(Payoff.BadStrike.selector, 0, 100_00, 100_00));
        t = _terms(SeriesKind.TouchUp, _days(3));
        t.bound = 1;
        _notCreated(t, _days(3), abi.encodeWithSelector(SeriesPayoff.NoBound.selector, SeriesKind.TouchUp, 1));
        t = _terms(SeriesKind.Call, "");
        t.expiry = uint32(EXPIRY + 1);
        _notCreated(t, "", abi.encodeWithSelector(IOptions.NotAFixingTime.selector, EXPIRY + 1, PERIOD));
        t.expiry = uint32(START);
        _notCreated(t, "", abi.encodeWithSelector(IOptionSeries.TimesOrder.selector, START, START));
        (t.expiry, t.longShare) = (uint32(EXPIRY), 10_000); // all of it
        vm.prank(seller);
        desk.create(t, "", UNIT);
    }

    function test_create_refusesDecimalsThatNoPriceHas() external {
        feedDecimals = 39;
        _buildSeries();
        bytes memory reason = abi.encodeWithSelector(SeriesPayoff.TooManyDecimals.selector, 39, 38);
        _notCreated(_terms(SeriesKind.Call, ""), "", reason);
        feedDecimals = 38;
        _buildSeries();
        vm.prank(seller);
        desk.create(_terms(SeriesKind.DigitalCall, ""), "", UNIT);
    }

    function test_create_refusesListsThatCannotHold() external {
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, _days(3));
        _notCreated(t, "", abi.encodeWithSelector(IOptionSeries.BadTimes.selector, SeriesKind.AsianCall, 0));
        _notCreated(t, "12345", abi.encodeWithSelector(IOptionSeries.BadTimes.selector, SeriesKind.AsianCall, 5));
        bytes memory long_ = new bytes(4 * 1_025);
        _notCreated(t, long_, abi.encodeWithSelector(IOptionSeries.BadTimes.selector, SeriesKind.AsianCall, 4_100));
        bytes memory reason = abi.encodeWithSelector(IOptionSeries.WrongTimes.selector, keccak256(_days(2)), t.times);
        _notCreated(t, _days(2), reason);
        SeriesTerms memory call = _terms(SeriesKind.Call, "");
        _notCreated(call, _days(1), abi.encodeWithSelector(IOptionSeries.BadTimes.selector, SeriesKind.Call, 4));
        call.times = keccak256(_days(1));
        _notCreated(call, "", abi.encodeWithSelector(IOptionSeries.WrongTimes.selector, bytes32(0), call.times));

        bytes memory times = bytes.concat(_days(1), _days(1)); // twice the same
        reason = abi.encodeWithSelector(IOptionSeries.TimesOrder.selector, EXPIRY, EXPIRY);
        _notCreated(_terms(SeriesKind.TouchUp, times), times, reason);
        times = bytes.concat(bytes4(uint32(START)), _days(1)); // known already
        reason = abi.encodeWithSelector(IOptionSeries.TimesOrder.selector, START, START);
        _notCreated(_terms(SeriesKind.TouchUp, times), times, reason);
        times = bytes.concat(_days(1), _days(2)); // back
        reason = abi.encodeWithSelector(IOptionSeries.TimesOrder.selector, EXPIRY, EXPIRY - 1 days);
        _notCreated(_terms(SeriesKind.TouchUp, times), times, reason);
        times = bytes.concat(bytes4(uint32(EXPIRY - 1)), _days(1));
        reason = abi.encodeWithSelector(IOptions.NotAFixingTime.selector, EXPIRY - 1, PERIOD);
        _notCreated(_terms(SeriesKind.TouchUp, times), times, reason);
        t.expiry += 300;
        _notCreated(t, _days(3), abi.encodeWithSelector(IOptionSeries.LastTime.selector, EXPIRY, EXPIRY + 300));
    }

    function test_create_takesTheLongestList() external {
        bytes memory times;
        for (uint256 i = 1_024; i != 0; --i) times = bytes.concat(times, bytes4(uint32(EXPIRY - (i - 1) * PERIOD)));
        vm.prank(seller);
        uint256 series = desk.create(_terms(SeriesKind.TouchUp, times), times, UNIT);
        _assertPhase(series, SeriesPhase.Open);
    }

    function test_create_ofASeriesThatExists_writesMoreOfIt_byAnybody() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", UNIT);
        vm.prank(buyer);
        assertEq(desk.create(t, "", 2 * UNIT), series);
        assertEq(desk.balanceOf(seller, series), UNIT);
        assertEq(desk.balanceOf(buyer, series), 2 * UNIT);
        assertEq(desk.balanceOf(buyer, series + 1), 2 * UNIT);
        assertEq(cash.balanceOf(address(desk)), 150e18);
    }

    /// @dev What must be ahead when a series is created need not be so when more of it is written.
    function test_create_ofASeriesWhoseTimesHaveBegun_writesMoreOfIt() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        vm.prank(seller);
        uint256 series = desk.create(t, times, UNIT);
        _fix(EXPIRY - 2 days, 100_00);
        _observe(t, times, 0);
        vm.prank(buyer);
        desk.create(t, times, UNIT);
        assertEq(desk.balanceOf(buyer, series), UNIT);
        assertEq(desk.stateOf(series).observed, 1);
    }

    function test_seriesOf_isTheHashOfAllTerms_andEven() external view {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = desk.seriesOf(t);
        assertEq(series | 1, uint256(keccak256(abi.encode(t))) | 1);
        assertEq(series % 2, 0);
        t.longShare = 2_501;
        assertNotEq(desk.seriesOf(t), series);
    }

    // ---------------------------------------------------------------------------------------------- writing

    function test_write_locksTheMostItCanPay_ofEachKind_andGivesBothTokens() external {
        for (uint256 i; i < KINDS; ++i) {
            bytes memory times = i < 5 ? bytes("") : _days(3);
            SeriesTerms memory t = _terms(SeriesKind(i), times);
            uint256 before = cash.balanceOf(address(desk));
            vm.prank(seller);
            uint256 series = desk.create(t, times, UNIT);
            vm.prank(seller);
            desk.write(t, 2 * UNIT);
            bool spread = i < 2 || i == 5 || i == 6;
            assertEq(cash.balanceOf(address(desk)) - before, spread ? 150e18 : 3e18);
            (uint256 width, uint256 unit) = desk.lockedOf(t);
            assertEq((width * UNIT) / unit, spread ? 50e18 : 1e18);
            assertEq(desk.balanceOf(seller, series), 3 * UNIT);
            assertEq(desk.balanceOf(seller, series + 1), 3 * UNIT);
        }
    }

    function test_write_refusesNothing_fractions_strangersAndWhatHasEnded() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        bytes memory call = abi.encodeCall(desk.write, (t, UNIT));
        uint256 series = desk.seriesOf(t);
        _refused(seller, call, _phase(series, SeriesPhase.None, SeriesPhase.Open));
        _notCreated(t, "", 0, abi.encodeWithSelector(IOptionSeries.NoAmount.selector));
        t.bound = 150_01;
        _notCreated(t, "", 99, abi.encodeWithSelector(IOptionSeries.FractionLocked.selector, 99, 50_01, 100));
        t.bound = 150_00;
        vm.prank(seller);
        desk.create(t, "", UNIT);
        warp(EXPIRY);
        _refused(seller, call, abi.encodeWithSelector(IOptionSeries.SeriesEnded.selector, EXPIRY, EXPIRY));
        warp(EXPIRY - 1);
        vm.prank(seller);
        desk.write(t, UNIT);
        _fix(EXPIRY, 100_00);
        _settle(t);
        _refused(seller, call, _phase(series, SeriesPhase.Fixed, SeriesPhase.Open));
    }

    function test_write_refusesATokenThatDoesNotPay() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.mockCall(address(cash), abi.encodePacked(IERC20.transferFrom.selector), abi.encode(false));
        _notCreated(t, "", abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, cash));
    }

    /// @dev A writer that cannot hold the tokens would lock collateral for nobody.
    function test_write_refusesAWriterThatCannotHoldTokens() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        address contract_ = address(options);
        cash.mint(contract_, 50e18);
        _approve(cash, contract_);
        bytes memory reason = abi.encodeWithSelector(IERC1155Errors.ERC1155InvalidReceiver.selector, contract_);
        _refused(contract_, abi.encodeCall(desk.create, (t, "", UNIT)), reason);
        assertEq(cash.balanceOf(contract_), 50e18);
    }

    /// @dev 128 bits of tokens, and not one more.
    function test_write_asMuchAsAHoldingHolds() external {
        SeriesTerms memory t = _terms(SeriesKind.DigitalCall, "");
        uint256 series = _sell(t, "", type(uint128).max);
        vm.prank(buyer);
        (bool ok, ) = address(desk).call(abi.encodeCall(desk.write, (t, 1)));
        assertFalse(ok);
        assertEq(desk.balanceOf(buyer, series), type(uint128).max);
        assertEq(desk.balanceOf(buyer, series + 1), 0);
        _fix(EXPIRY, 120_00);
        _settle(t);
        assertEq(_claim(t, buyer), type(uint128).max);
        assertEq(_claim(t, seller), 0);
    }

    // ---------------------------------------------------------------------------------------------- closing

    function test_close_givesTheCollateralOfBothTokensBack() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 before = cash.balanceOf(seller);
        vm.prank(seller);
        uint256 series = desk.create(t, "", 3 * UNIT);
        vm.prank(seller);
        assertEq(desk.close(t, UNIT), 50e18);
        warp(EXPIRY + 1 days); // also after the expiry, as long as it is not settled
        vm.prank(seller);
        desk.close(t, 2 * UNIT);
        assertEq(cash.balanceOf(seller), before);
        assertEq(desk.balanceOf(seller, series) + desk.balanceOf(seller, series + 1), 0);
        assertEq(desk.balanceOf(address(0), series) + desk.balanceOf(address(0), series + 1), 0);
    }

    function test_close_needsBothTokens_andAnOpenSeries() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        bytes memory call = abi.encodeCall(desk.close, (t, UNIT));
        bytes4 missing = IERC1155Errors.ERC1155InsufficientBalance.selector;
        _refused(seller, call, abi.encodeWithSelector(missing, seller, 0, UNIT, series));
        _refused(buyer, call, abi.encodeWithSelector(missing, buyer, 0, UNIT, series + 1));
        _fix(EXPIRY, 120_00);
        _settle(t);
        _refused(seller, call, _phase(series, SeriesPhase.Fixed, SeriesPhase.Open));
    }

    /// @dev What is too small to lock a whole unit gives none back: never more than was locked.
    function test_close_ofAFractionRoundsDown() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        desk.create(t, "", 2); // 2 · 50.00
        vm.prank(seller);
        assertEq(desk.close(t, 1), 50);
        t.bound = 100_01;
        vm.prank(seller);
        desk.create(t, "", 100); // 100 · 0.01
        vm.prank(seller);
        assertEq(desk.close(t, 99), 0);
        vm.prank(seller);
        assertEq(desk.close(t, 1), 0);
    }

    // ---------------------------------------------------------------------------------------------- offers

    function test_offer_isForTheSeller_withALot_untilTheExpiryAtTheLatest() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        Offer memory o = _offer(t);
        _notOffered(o, _phase(o.token, SeriesPhase.None, SeriesPhase.Open));
        vm.prank(seller);
        desk.create(t, "", UNIT);
        _refused(buyer, abi.encodeCall(desk.offer, (o, UNIT)), _notSeller());
        _refused(seller, abi.encodeCall(desk.offer, (o, 0)), abi.encodeWithSelector(IOptionSeries.NoAmount.selector));
        o.lot = 0;
        _notOffered(o, abi.encodeWithSelector(IOptionSeries.NoLot.selector));
        (o.lot, o.buyBefore) = (UNIT, uint32(EXPIRY + 1));
        _notOffered(o, abi.encodeWithSelector(IOptions.OfferTooLong.selector, EXPIRY + 1, EXPIRY));
        o.buyBefore = uint32(START);
        _notOffered(o, abi.encodeWithSelector(IOptions.OfferEnded.selector, START, START));
    }

    function test_buy_inParts_atThePremiumOfTheLotRoundedUp() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", 10);
        Offer memory o = _offer(t);
        (o.lot, o.premium) = (3, 10);
        vm.prank(seller);
        bytes32 id = desk.offer(o, 4);
        vm.prank(seller);
        desk.offer(o, 3); // more at the same terms
        assertEq(id, desk.offerOf(o));
        assertEq(desk.leftOf(id), 7);
        uint256 before = cash.balanceOf(seller);
        vm.prank(buyer);
        desk.buy(o, 3);
        assertEq(cash.balanceOf(seller) - before, 10);
        vm.prank(buyer);
        desk.buy(o, 2);
        assertEq(cash.balanceOf(seller) - before, 17); // 6.67
        bytes memory call = abi.encodeCall(desk.buy, (o, 3));
        _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.NotOffered.selector, id, 2, 3));
        vm.prank(buyer);
        desk.buy(o, 2);
        assertEq(desk.leftOf(id), 0);
        assertEq(desk.balanceOf(buyer, series), 7);
        assertEq(desk.balanceOf(seller, series), 3);
        assertEq(desk.balanceOf(seller, series + 1), 10);
    }

    /// @dev Whoever buys a lot in parts pays at least its premium, and less than the smallest unit a part more.
    function testFuzz_buy_inParts_costsAtLeastTheLot(uint128 lot, uint256 premium, uint256 seed) external {
        (lot, premium) = (uint128(bound(lot, 8, 1e30)), bound(premium, 0, 1e30));
        SeriesTerms memory t = _terms(SeriesKind.DigitalCall, "");
        Offer memory o = _offer(t);
        (o.lot, o.premium) = (lot, premium);
        vm.prank(seller);
        desk.create(t, "", lot);
        vm.prank(seller);
        desk.offer(o, lot);
        (uint256 before, uint256 left, uint256 parts) = (cash.balanceOf(seller), lot, 0);
        for (; left != 0; ++parts) {
            uint256 part = parts == 7 ? left : 1 + (uint256(keccak256(abi.encode(seed, parts))) % left);
            vm.prank(buyer);
            desk.buy(o, uint128(part));
            left -= part;
        }
        uint256 paid = cash.balanceOf(seller) - before;
        assertGe(paid, premium);
        assertLe(paid, premium + parts - 1);
    }

    function test_buy_theSmallestPremium_isPaid() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        desk.create(t, "", 10);
        Offer memory o = _offer(t);
        (o.lot, o.premium) = (1, 1);
        vm.prank(seller);
        desk.offer(o, 10);
        uint256 before = cash.balanceOf(seller);
        vm.prank(buyer);
        desk.buy(o, 1);
        assertEq(cash.balanceOf(seller) - before, 1);
    }

    function test_buy_isForTheOfferMadeAndForNoOther() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        vm.prank(seller);
        desk.offer(o, UNIT);
        o.premium = 5e18 - 1;
        bytes memory reason = abi.encodeWithSelector(IOptionSeries.NotOffered.selector, desk.offerOf(o), 0, UNIT);
        _refused(buyer, abi.encodeCall(desk.buy, (o, UNIT)), reason);
        _refused(buyer, abi.encodeCall(desk.buy, (o, 0)), abi.encodeWithSelector(IOptionSeries.NoAmount.selector));
    }

    function test_buy_beforeTheOfferEnds_whileTheSeriesIsOpen_andTheSellerHasTheTokens() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.TouchUp, times);
        vm.prank(seller);
        uint256 series = desk.create(t, times, UNIT);
        Offer memory o = _offer(t);
        vm.prank(seller);
        desk.offer(o, UNIT);
        bytes memory call = abi.encodeCall(desk.buy, (o, UNIT));
        warp(EXPIRY);
        _refused(buyer, call, abi.encodeWithSelector(IOptions.OfferEnded.selector, EXPIRY, EXPIRY));
        warp(START);
        vm.prank(seller);
        desk.safeTransferFrom(seller, actor("heir"), series, 1, "");
        bytes4 missing = IERC1155Errors.ERC1155InsufficientBalance.selector;
        _refused(buyer, call, abi.encodeWithSelector(missing, seller, UNIT - 1, UNIT, series));
        _fix(EXPIRY - 2 days, 100_00);
        _observe(t, times, 0);
        _refused(buyer, call, _phase(series, SeriesPhase.Fixed, SeriesPhase.Open));
    }

    function test_buy_refusesAPremiumThatDoesNotArriveWhole() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        FeeToken token = new FeeToken();
        _fund(token, buyer);
        _approve(token, buyer);
        vm.prank(seller);
        desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        o.premiumToken = token;
        vm.prank(seller);
        desk.offer(o, UNIT);
        bytes memory reason = abi.encodeWithSelector(IOptions.AmountMoved.selector, 4.95e18, 5e18);
        _refused(buyer, abi.encodeCall(desk.buy, (o, UNIT)), reason);
    }

    /// @dev He who pays himself moves nothing, which is not the premium.
    function test_buy_fromOneself_isRefused_unlessItIsAGift() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        vm.prank(seller);
        desk.offer(o, UNIT);
        bytes memory reason = abi.encodeWithSelector(IOptions.AmountMoved.selector, 0, 5e18);
        _refused(seller, abi.encodeCall(desk.buy, (o, UNIT)), reason);
        o.premium = 0;
        vm.prank(seller);
        desk.offer(o, UNIT);
        vm.prank(seller);
        desk.buy(o, UNIT);
        assertEq(desk.balanceOf(seller, series), UNIT);
    }

    function test_buy_ofShortTokens_andOfAGift() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        (o.token, o.premium, o.premiumToken) = (series + 1, 0, IERC20(address(0))); // nobody is asked for nothing
        vm.prank(seller);
        desk.offer(o, UNIT);
        uint256 before = cash.balanceOf(buyer);
        vm.prank(buyer);
        desk.buy(o, UNIT);
        assertEq(cash.balanceOf(buyer), before);
        assertEq(desk.balanceOf(buyer, series + 1), UNIT);
        assertEq(desk.balanceOf(seller, series), UNIT);
        _fix(EXPIRY, 110_00);
        _settle(t);
        assertEq(_claim(t, buyer), 40e18);
    }

    function test_cancel_isForTheSeller() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        desk.create(t, "", UNIT);
        Offer memory o = _offer(t);
        vm.prank(seller);
        bytes32 id = desk.offer(o, UNIT);
        _refused(buyer, abi.encodeCall(desk.cancel, (o)), _notSeller());
        vm.prank(seller);
        desk.cancel(o);
        bytes memory reason = abi.encodeWithSelector(IOptionSeries.NotOffered.selector, id, 0, 1);
        _refused(buyer, abi.encodeCall(desk.buy, (o, 1)), reason);
    }

    // ---------------------------------------------------------------------------------------------- tokens

    function test_tokens_areTransferredByTheirHolderAndWhomHeLets() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", 10);
        address heir = actor("heir");
        (uint256[] memory ids, uint256[] memory amounts) = (new uint256[](2), new uint256[](2));
        (ids[0], ids[1], amounts[0], amounts[1]) = (series, series + 1, 4, 5);
        bytes memory call = abi.encodeCall(IERC1155.safeBatchTransferFrom, (seller, heir, ids, amounts, ""));
        bytes4 unapproved = IERC1155Errors.ERC1155MissingApprovalForAll.selector;
        _refused(buyer, call, abi.encodeWithSelector(unapproved, buyer, seller));
        vm.prank(seller);
        desk.setApprovalForAll(buyer, true);
        vm.prank(buyer);
        desk.safeBatchTransferFrom(seller, heir, ids, amounts, "");
        vm.prank(heir);
        desk.safeTransferFrom(heir, heir, series, 4, ""); // to himself: nothing changes
        assertEq(desk.balanceOf(heir, series), 4);
        assertEq(desk.balanceOf(heir, series + 1), 5);
        assertEq(desk.balanceOf(seller, series), 6);
        assertEq(desk.balanceOf(seller, series + 1), 5);
        assertEq(desk.balanceOfBatch(_two(heir, seller), ids)[1], 5);
        assertTrue(desk.supportsInterface(type(IERC1155).interfaceId));
    }

    function test_tokens_refuseWhatErc1155Refuses() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        vm.prank(seller);
        uint256 series = desk.create(t, "", 10);
        bytes memory call = abi.encodeCall(IERC1155.safeTransferFrom, (seller, buyer, series, 11, ""));
        bytes4 selector = IERC1155Errors.ERC1155InsufficientBalance.selector;
        _refused(seller, call, abi.encodeWithSelector(selector, seller, 10, 11, series));
        uint256 more = uint256(type(uint128).max) + 2; // not 1
        call = abi.encodeCall(IERC1155.safeTransferFrom, (seller, buyer, series, more, ""));
        _refused(seller, call, abi.encodeWithSelector(selector, seller, 10, more, series));
        call = abi.encodeCall(IERC1155.safeTransferFrom, (seller, address(0), series, 1, ""));
        selector = IERC1155Errors.ERC1155InvalidReceiver.selector;
        _refused(seller, call, abi.encodeWithSelector(selector, address(0)));
        call = abi.encodeCall(IERC1155.safeTransferFrom, (seller, address(cash), series, 1, ""));
        _refused(seller, call, abi.encodeWithSelector(selector, address(cash)));
        call = abi.encodeCall(IERC1155.setApprovalForAll, (address(0), true));
        selector = IERC1155Errors.ERC1155InvalidOperator.selector;
        _refused(seller, call, abi.encodeWithSelector(selector, address(0)));
        uint256[] memory ids = new uint256[](1);
        call = abi.encodeCall(IERC1155.safeBatchTransferFrom, (seller, buyer, ids, new uint256[](2), ""));
        selector = IERC1155Errors.ERC1155InvalidArrayLength.selector;
        _refused(seller, call, abi.encodeWithSelector(selector, 1, 2));
    }

    /// @dev Of money, from writing to the claim.
    function test_moneyThatAnswersNothing_isTakenAndPaid() external {
        SilentToken token = _silentMoney(address(desk));
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        t.token = IERC20(address(token));
        vm.prank(seller);
        desk.create(t, "", 3 * UNIT);
        vm.prank(seller);
        assertEq(desk.close(t, UNIT), 50e18);
        Offer memory o = _offer(t);
        o.premiumToken = t.token;
        vm.prank(seller);
        desk.offer(o, 2 * UNIT);
        vm.prank(buyer);
        desk.buy(o, 2 * UNIT);
        _fix(EXPIRY, 120_00);
        _settle(t);
        assertEq(_claim(t, buyer), 40e18);
        assertEq(_claim(t, seller), 60e18);
        assertEq(token.balanceOf(seller), 1_000e18 - 100e18 + 10e18 + 60e18);
        assertEq(token.balanceOf(buyer), 1_000e18 - 10e18 + 40e18);
    }

    /// @dev What is not assumed of a token, a balance that shrinks by itself, is felt by its own series alone.
    function test_moneyThatShrinks_isMissingToItsOwnSeriesOnly() external {
        SampleMoney shrinking = new SampleMoney("LESS", 18);
        _fund(shrinking, seller);
        _approve(shrinking, seller);
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        SeriesTerms memory other = _terms(SeriesKind.Call, "");
        t.token = shrinking;
        _sell(t, "", UNIT);
        _sell(other, "", UNIT);
        vm.prank(address(desk));
        shrinking.transfer(actor("nobody"), 25e18); // half of it
        _fix(EXPIRY, 120_00);
        _settle(t);
        _settle(other);
        assertEq(_claim(t, buyer), 20e18);
        bytes4 missing = IERC20Errors.ERC20InsufficientBalance.selector;
        bytes memory reason = abi.encodeWithSelector(missing, address(desk), 5e18, 30e18);
        _refused(seller, abi.encodeCall(desk.claim, (t)), reason);
        assertEq(_claim(other, buyer), 20e18);
        assertEq(_claim(other, seller), 30e18);
    }

    // ---------------------------------------------------------------------------------------------- settling

    function test_settle_paysEachKindOnOneFixing() external {
        // Of 3 UNIT at 120.00, above the strike of 100.00, and at 90.00.
        uint256[5] memory above = [uint256(60e18), 0, 0.5e18, 3e18, 0];
        uint256[5] memory below = [uint256(0), 30e18, 0, 0, 3e18];
        for (uint256 i; i < 10; ++i) {
            SeriesTerms memory t = _terms(SeriesKind(i % 5), "");
            t.expiry += uint32(i * 2 hours);
            warp(t.expiry - 1);
            uint256 series = _sell(t, "", 3 * UNIT);
            _fix(t.expiry, i < 5 ? int256(120_00) : int256(90_00));
            _settle(t);
            (uint256 width, uint256 unit) = desk.lockedOf(t);
            uint256 toLong = i < 5 ? above[i] : below[i - 5];
            assertEq(_claim(t, buyer), toLong);
            assertEq(_claim(t, seller), (3 * UNIT * width) / unit - toLong);
            SeriesState memory state = desk.stateOf(series);
            assertEq(state.total, i < 5 ? int256(120_00) : int256(90_00));
            assertEq(state.found, 1);
        }
        assertEq(cash.balanceOf(address(desk)), 0);
    }

    function test_settle_atTheStrikeNothingIsPaid_touchedItIs() external view {
        for (uint256 i; i < KINDS; ++i) {
            bytes memory times = i < 5 ? bytes("") : _days(1);
            Weights memory w = desk.weightsAt(_terms(SeriesKind(i), times), 100_00, 1);
            assertEq(w.long, i < 7 ? uint256(0) : uint256(1));
        }
    }

    function test_settle_byTheShareWhereNoFixingCounts() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        warp(DEADLINE);
        bytes memory reason = abi.encodeWithSelector(ExpiryFixing.FixingPending.selector, EXPIRY, DEADLINE);
        _refused(buyer, abi.encodeCall(desk.settle, (t, new Proof[](0))), reason);
        warp(DEADLINE + 1);
        _settle(t);
        _assertPhase(series, SeriesPhase.Split);
        assertEq(_claim(t, buyer), 12.5e18);
        assertEq(_claim(t, seller), 37.5e18);
    }

    /// @dev A halt, a void, no price, an absence: every kind is settled on the newest good fixing of the hour.
    function test_everyKind_isSettledOnTheNewestGoodFixing_whateverTheOutage() external {
        uint256[9] memory longs = [uint256(20e18), 0, uint256(1e18) / 6, 1e18, 0, 20e18, 0, 1e18, 0];
        Proof[] memory proofs = new Proof[](13);
        (proofs[1], proofs[2], proofs[3]) = (_proof(NO_PRICE), _absence(), _proof(120_00));
        for (uint256 i; i < KINDS; ++i) {
            _buildSeries();
            bytes memory times = i < 5 ? bytes("") : _days(1);
            SeriesTerms memory t = _terms(SeriesKind(i), times);
            uint256 series = _sell(t, times, UNIT);
            warp(EXPIRY);
            oracle.halt(1);
            _record(EXPIRY, 1, true);
            oracle.voidFixing(EXPIRY, 1);
            _record(EXPIRY - PERIOD, NO_PRICE, false);
            _recordWithout(EXPIRY - 2 * PERIOD);
            _record(EXPIRY - 3 * PERIOD, 120_00, false);
            _record(EXPIRY - 4 * PERIOD, 90_00, true);
            skip(DISPUTE);
            if (i < 5) desk.settle(t, proofs);
            else desk.observe(t, times, 0, proofs);
            assertEq(desk.stateOf(series).total, 120_00);
            (uint256 width, uint256 unit) = desk.lockedOf(t);
            uint256 dust = i == 2 ? 1 : 0; // sixths
            assertEq(_claim(t, buyer), longs[i]);
            assertEq(_claim(t, seller), (UNIT * width) / unit - longs[i] - dust);
        }
    }

    function test_everyKind_isSplitByTheShare_whereNothingWasRecorded() external {
        for (uint256 i; i < KINDS; ++i) {
            _buildSeries();
            bytes memory times = i < 5 ? bytes("") : _days(1);
            SeriesTerms memory t = _terms(SeriesKind(i), times);
            uint256 series = _sell(t, times, UNIT);
            warp(DEADLINE + 1);
            if (i < 5) _settle(t);
            else _observe(t, times, 0);
            _assertPhase(series, SeriesPhase.Split);
            (uint256 width, uint256 unit) = desk.lockedOf(t);
            assertEq(_claim(t, buyer), (UNIT * width) / unit / 4);
            assertEq(_claim(t, seller), ((UNIT * width) / unit / 4) * 3);
        }
    }

    function test_settle_isNotForLists_observeNotForOneFixing() external {
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, _days(2));
        bytes memory call = abi.encodeCall(desk.settle, (t, new Proof[](0)));
        _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.ObserveInstead.selector, SeriesKind.AsianCall));
        t = _terms(SeriesKind.Call, "");
        _sell(t, "", UNIT);
        call = abi.encodeCall(desk.observe, (t, "", 0, new Proof[](0)));
        _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.NoSuchTime.selector, 0, 0));
        call = abi.encodeCall(desk.observe, (t, _days(1), 0, new Proof[](0)));
        _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.BadTimes.selector, SeriesKind.Call, 4));
    }

    // ---------------------------------------------------------------------------------------------- observing

    function test_observe_anAsianIsPaidOnTheMean_andIsSettledByTheLastTime() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        uint256 series = _sell(t, times, 3 * UNIT);
        int256[3] memory prices = [int256(90_00), 130_00, 120_01];
        for (uint256 i; i < 3; ++i) {
            _fix(EXPIRY - (2 - i) * 1 days, prices[i]);
            _assertPhase(series, SeriesPhase.Open);
            _observe(t, times, i);
            assertTrue(desk.isObserved(series, i));
        }
        assertEq(desk.stateOf(series).total, 340_01);
        // 3 · (340.01 / 3 − 100)
        assertEq(_claim(t, buyer), 40.01e18);
        assertEq(_claim(t, seller), 109.99e18);
    }

    function test_observe_anAsianPutOfAMeanThatIsNoPrice_roundsBothDown() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.AsianPut, times);
        _sell(t, times, 1);
        for (uint256 i; i < 3; ++i) {
            _fix(EXPIRY - (2 - i) * 1 days, i == 0 ? int256(80_00) : int256(85_00));
            _observe(t, times, i);
        }
        assertEq(_claim(t, buyer), 16); // 16.67 of 50
        assertEq(_claim(t, seller), 33); // 33.33
        assertEq(cash.balanceOf(address(desk)), 1);
    }

    function test_observe_inWhateverOrder_noneTwice_onlyListedTimes() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        uint256 series = _sell(t, times, UNIT);
        for (uint256 i; i < 3; ++i) _fix(EXPIRY - (2 - i) * 1 days, int256(100_00 + 10_00 * i));
        _observe(t, times, 2);
        bytes memory call = abi.encodeCall(desk.observe, (t, times, 2, new Proof[](0)));
        _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.AlreadyObserved.selector, series, EXPIRY));
        for (uint256 i = 3; i < 5; ++i) {
            call = abi.encodeCall(desk.observe, (t, times, i, new Proof[](0)));
            _refused(buyer, call, abi.encodeWithSelector(IOptionSeries.NoSuchTime.selector, i, 3));
        }
        call = abi.encodeCall(desk.observe, (t, _days(2), 0, new Proof[](0)));
        bytes4 selector = IOptionSeries.WrongTimes.selector;
        _refused(buyer, call, abi.encodeWithSelector(selector, keccak256(_days(2)), t.times));
        _observe(t, times, 0);
        _refused(buyer, abi.encodeCall(desk.claim, (t)), _phase(series, SeriesPhase.Open, SeriesPhase.Fixed));
        _observe(t, times, 1);
        call = abi.encodeCall(desk.observe, (t, times, 1, new Proof[](0)));
        _refused(buyer, call, _phase(series, SeriesPhase.Fixed, SeriesPhase.Open));
        assertEq(_claim(t, buyer), 10e18);
    }

    function test_observe_aTouchSettlesAtOnce_whateverWasMissed() external {
        bytes memory times = _days(5);
        SeriesTerms memory t = _terms(SeriesKind.TouchDown, times);
        uint256 series = _sell(t, times, UNIT);
        warp(EXPIRY - 3 days + GRACE + 1);
        _observe(t, times, 0);
        _observe(t, times, 1);
        assertEq(desk.stateOf(series).observed, 2);
        assertEq(desk.stateOf(series).found, 0);
        _record(EXPIRY - 2 days, 100_01, true);
        _record(EXPIRY - 1 days, 100_00, true);
        skip(DISPUTE);
        _observe(t, times, 2);
        _assertPhase(series, SeriesPhase.Open);
        _observe(t, times, 3);
        _assertPhase(series, SeriesPhase.Fixed);
        assertEq(_claim(t, buyer), 1e18);
        assertEq(_claim(t, seller), 0);
    }

    function test_observe_untouched_isKnownAtTheLastTimeOnly() external {
        bytes memory times = _days(2);
        SeriesTerms memory t = _terms(SeriesKind.TouchUp, times);
        uint256 series = _sell(t, times, UNIT);
        _fix(EXPIRY - 1 days, 99_99);
        _observe(t, times, 0);
        _assertPhase(series, SeriesPhase.Open);
        _fix(EXPIRY, -5);
        _observe(t, times, 1);
        assertEq(desk.stateOf(series).total, 99_99);
        assertEq(_claim(t, buyer), 0);
        assertEq(_claim(t, seller), 1e18);
    }

    /// @dev A negative barrier and nothing found: the total of nothing is no price.
    function test_observe_nothingFound_touchesNothing() external {
        bytes memory times = _days(1);
        SeriesTerms memory t = _terms(SeriesKind.TouchUp, times);
        t.strike = -1;
        uint256 series = _sell(t, times, UNIT);
        warp(DEADLINE + 1);
        _observe(t, times, 0);
        _assertPhase(series, SeriesPhase.Split);
    }

    function test_observe_moreThanHalfMustBeFound() external {
        for (uint256 missing = 1; missing <= 2; ++missing) {
            _buildSeries();
            bytes memory times = _days(4);
            SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
            uint256 series = _sell(t, times, UNIT);
            for (uint256 i = missing; i < 4; ++i) _fix(EXPIRY - (3 - i) * 1 days, 110_00);
            warp(DEADLINE + 1);
            for (uint256 i; i < 4; ++i) _observe(t, times, i);
            _assertPhase(series, missing == 1 ? SeriesPhase.Fixed : SeriesPhase.Split);
            assertEq(_claim(t, buyer), missing == 1 ? 10e18 : 12.5e18); // the mean of three, or the share
        }
    }

    function test_observe_anOutageIsBridgedByTheHourBefore() external {
        bytes memory times = _days(2);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        _sell(t, times, UNIT);
        _fix(EXPIRY - 1 days - 12 * PERIOD, 120_00);
        _fix(EXPIRY, 140_00);
        warp(EXPIRY - 1 days + GRACE + 1);
        _observe(t, times, 0);
        _observe(t, times, 1);
        assertEq(_claim(t, buyer), 30e18);
    }

    /// @dev 1,024 prices, each the lowest or the highest there is: counted, summed and paid.
    function test_observe_theLongestList_ofTheFarthestPrices() external {
        bytes memory times;
        for (uint256 i = 1_024; i != 0; --i) times = bytes.concat(times, bytes4(uint32(EXPIRY - (i - 1) * PERIOD)));
        int256[2] memory prices = [-(2 ** 55) + int256(2), 2 ** 55 - 1];
        for (uint256 k; k < 2; ++k) {
            _buildSeries();
            SeriesTerms memory t = _terms(k == 0 ? SeriesKind.AsianPut : SeriesKind.AsianCall, times);
            (t.strike, t.bound) = (int56(prices[1 - k]), int56(prices[k]));
            uint256 series = _sell(t, times, 100);
            warp(EXPIRY);
            for (uint256 i; i < 1_024; ++i) _record(_at(times, i), prices[k], true);
            skip(DISPUTE);
            for (uint256 i; i < 1_024; ++i) _observe(t, times, i);
            SeriesState memory state = desk.stateOf(series);
            assertEq(state.total, 1_024 * prices[k]);
            assertEq(state.found, 1_024);
            assertEq(_claim(t, buyer), 2 ** 56 - 3);
            assertEq(_claim(t, seller), 0);
        }
    }

    /// @dev Two times 8,192 fixings apart, for which the oracle has one place: without a proof until the last second of
    /// the first, then with one, and the second is not taken for it.
    function test_observe_atTheEdgeOfTheRing() external {
        bytes memory times = bytes.concat(bytes4(uint32(EXPIRY)), bytes4(uint32(EXPIRY + SPAN)));
        for (uint256 kind = uint256(SeriesKind.AsianCall); kind < KINDS; ++kind) {
            _buildSeries();
            SeriesTerms memory t = _terms(SeriesKind(kind), times);
            if (kind == uint256(SeriesKind.TouchUp)) t.strike = 120_00;
            uint256 series = _sell(t, times, UNIT);
            _fix(EXPIRY, 110_00);
            warp(EXPIRY + SPAN - 1);
            uint256 snapshot = vm.snapshotState();
            _observe(t, times, 0);
            assertEq(desk.stateOf(series).total, 110_00);
            vm.revertToState(snapshot);

            bytes memory needed = abi.encodeWithSelector(ExpiryFixing.ProofNeeded.selector, EXPIRY, 0);
            bytes memory call = abi.encodeCall(desk.observe, (t, times, 0, new Proof[](0)));
            warp(EXPIRY + SPAN);
            _refused(buyer, call, needed);
            _record(EXPIRY + SPAN, 120_00, true);
            _refused(buyer, call, needed);
            skip(DISPUTE);
            Proof[] memory proofs = new Proof[](1);
            proofs[0] = _proof(120_00);
            (bool ok, bytes memory reason) = address(desk).call(abi.encodeCall(desk.observe, (t, times, 0, proofs)));
            assertFalse(ok);
            assertEq(bytes32(bytes4(reason)), bytes32(IOracle.RootMismatch.selector));
            proofs[0] = _proof(110_00);
            desk.observe(t, times, 0, proofs);
            assertEq(desk.stateOf(series).total, 110_00);
            _observe(t, times, 1);
            bool sums = kind < uint256(SeriesKind.TouchUp);
            int256 total =
                sums
                    ? int256(230_00)
                    : kind == uint256(SeriesKind.TouchUp)
                        ? int256(120_00)
                        : int256(110_00);
            assertEq(desk.stateOf(series).total, total);
            assertEq(desk.stateOf(series).found, 2);
            _assertPhase(series, SeriesPhase.Fixed);
        }
    }

    // ---------------------------------------------------------------------------------------------- claiming

    function test_claim_bothSidesAtOnce_onceAndByHolders() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        uint256 series = _sell(t, "", UNIT);
        vm.prank(buyer);
        desk.safeTransferFrom(buyer, seller, series, UNIT / 2, "");
        bytes memory call = abi.encodeCall(desk.claim, (t));
        _refused(buyer, call, _phase(series, SeriesPhase.Open, SeriesPhase.Fixed));
        _fix(EXPIRY, 120_00);
        _settle(t);
        assertEq(_claim(t, seller), 40e18); // half of 20 and all of 30
        assertEq(_claim(t, buyer), 10e18);
        bytes4 nothing = IOptionSeries.NothingToClaim.selector;
        _refused(buyer, call, abi.encodeWithSelector(nothing, series, buyer));
        _refused(seller, call, abi.encodeWithSelector(nothing, series, seller));
        assertEq(cash.balanceOf(address(desk)), 0);
    }

    /// @dev Some tokens refuse to move nothing; the smallest unit is moved.
    function test_claim_ofNothing_movesNothing_andOfOneMovesOne() external {
        SeriesTerms memory t = _terms(SeriesKind.DigitalCall, "");
        _sell(t, "", 1);
        _fix(EXPIRY, 100_00);
        _settle(t);
        vm.recordLogs();
        assertEq(_claim(t, buyer), 0);
        assertEq(vm.getRecordedLogs().length, 2); // burnt, claimed
        uint256 before = cash.balanceOf(seller);
        assertEq(_claim(t, seller), 1);
        assertEq(cash.balanceOf(seller) - before, 1);
    }

    function test_multicall_createsAndOffersAtOnce() external {
        SeriesTerms memory t = _terms(SeriesKind.Call, "");
        Offer memory o = _offer(t);
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(desk.create, (t, "", UNIT));
        calls[1] = abi.encodeCall(desk.offer, (o, UNIT));
        vm.prank(seller);
        Multicall(address(desk)).multicall(calls);
        vm.prank(buyer);
        desk.buy(o, UNIT);
        assertEq(desk.balanceOf(buyer, o.token), UNIT);
    }

    // ---------------------------------------------------------------------------------------------- events

    function test_events_ofWritingTradingAndClosing() external {
        bytes memory times = _days(2);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        Offer memory o = _offer(t);
        (uint256 series, bytes32 id) = (o.token, desk.offerOf(o));
        (uint256[] memory ids, uint256[] memory amounts) = (new uint256[](2), new uint256[](2));
        (ids[0], ids[1], amounts[0], amounts[1]) = (series, series + 1, 3 * UNIT, 3 * UNIT);

        _expect();
        emit IOptionSeries.SeriesCreated(series, FEED, t, times);
        _expect();
        emit IOptionSeries.Written(series, seller, 3 * UNIT, 150e18);
        _expect();
        emit IERC1155.TransferBatch(seller, address(0), seller, ids, amounts);
        vm.prank(seller);
        desk.create(t, times, 3 * UNIT);

        _expect();
        emit IOptionSeries.Offered(id, series, seller, o, 2 * UNIT);
        vm.prank(seller);
        desk.offer(o, 2 * UNIT);

        _expect();
        emit IOptionSeries.Bought(id, buyer, UNIT, 5e18);
        _expect();
        emit IERC1155.TransferSingle(buyer, seller, buyer, series, UNIT);
        vm.prank(buyer);
        desk.buy(o, UNIT);

        _expect();
        emit IOptionSeries.OfferCancelled(id);
        vm.prank(seller);
        desk.cancel(o);

        vm.prank(seller);
        desk.setApprovalForAll(buyer, true);
        _expect();
        emit IERC1155.TransferSingle(buyer, seller, buyer, series + 1, 7);
        vm.prank(buyer);
        desk.safeTransferFrom(seller, buyer, series + 1, 7, "");

        _expect();
        emit IOptionSeries.Closed(series, seller, 2 * UNIT, 100e18);
        vm.prank(seller);
        desk.close(t, 2 * UNIT);
    }

    function test_events_ofSettlingAndClaiming() external {
        bytes memory times = _days(3);
        SeriesTerms memory t = _terms(SeriesKind.AsianCall, times);
        uint256 series = _sell(t, times, 3 * UNIT);
        vm.prank(seller);
        desk.safeTransferFrom(seller, buyer, series + 1, UNIT, "");
        _fix(EXPIRY - 1 days - 2 * PERIOD, 110_00);
        _fix(EXPIRY, 120_00);
        warp(EXPIRY - 1 days + GRACE + 1);
        _expect();
        emit IOptionSeries.Missed(series, EXPIRY - 2 days);
        _observe(t, times, 0);
        _expect();
        emit IOptionSeries.Observed(series, EXPIRY - 1 days, 110_00, 2);
        _observe(t, times, 1);
        _expect();
        emit IOptionSeries.Observed(series, EXPIRY, 120_00, 0);
        _expect();
        emit IOptionSeries.Settled(series, 230_00, 2);
        _observe(t, times, 2);
        _expect();
        emit IOptionSeries.Claimed(series, buyer, 3 * UNIT, UNIT, 80e18); // 3 · 15 and 35
        _claim(t, buyer);

        t = _terms(SeriesKind.Call, "");
        series = _sell(_later(t), "", UNIT);
        warp(t.expiry + GRACE + 1);
        _expect();
        emit IOptionSeries.Missed(series, t.expiry);
        _expect();
        emit IOptionSeries.SettledBySplit(series);
        _settle(t);
    }

    function _later(SeriesTerms memory t) private view returns (SeriesTerms memory) {
        t.expiry = uint32(((now_() / PERIOD) + 100) * PERIOD);
        return t;
    }

    function _expect() private {
        vm.expectEmit(address(desk));
    }

    // ---------------------------------------------------------------------------------------------- helpers

    function _notCreated(SeriesTerms memory t, bytes memory times, bytes memory reason) private {
        _notCreated(t, times, UNIT, reason);
    }

    function _notCreated(SeriesTerms memory t, bytes memory times, uint128 amount, bytes memory reason) private {
        _refused(seller, abi.encodeCall(desk.create, (t, times, amount)), reason);
    }

    function _notOffered(Offer memory o, bytes memory reason) private {
        _refused(seller, abi.encodeCall(desk.offer, (o, UNIT)), reason);
    }

    function _notSeller() private view returns (bytes memory) {
        return abi.encodeWithSelector(IOptionSeries.NotOfferer.selector, buyer, seller);
    }

    function _phase(uint256 series, SeriesPhase given, SeriesPhase expected) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOptionSeries.WrongSeriesPhase.selector, series, given, expected);
    }

    function _two(address a, address b) private pure returns (address[] memory list) {
        list = new address[](2);
        (list[0], list[1]) = (a, b);
    }
}
