// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {feedId} from "../../../contracts/FeedId.sol";
import {ICatalog} from "../../../contracts/interfaces/ICatalog.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {ExpiryFixing, Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {IOptions, Phase, Side, State, Terms} from "../../../contracts/options/IOptions.sol";
import {Options} from "../../../contracts/options/Options.sol";
import {Kind} from "../../../contracts/options/Payoff.sol";
import {FeeToken} from "../mocks/FeeToken.sol";
import {HookToken, ITokenHooks} from "../mocks/HookToken.sol";
import {SilentToken} from "../mocks/SilentToken.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {vm} from "../utils/Test.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice Each rule of IOptions by example: what is refused, who is paid what, and what tokens may not do.
contract OptionsTest is OptionWorld {
    function setUp() external {
        _build();
    }

    // ---------------------------------------------------------------------------------------------- creating

    function test_create_refusesTermsThatCannotHold() external {
        Terms memory t = _call();
        t.seller = buyer;
        _refused(t, abi.encodeWithSelector(IOptions.NotSeller.selector, seller, buyer));
        t = _call();
        t.expiry = uint32(EXPIRY + 1);
        _refused(t, abi.encodeWithSelector(IOptions.NotAFixingTime.selector, EXPIRY + 1, PERIOD));
        t = _call();
        t.buyBefore = uint32(EXPIRY + 1);
        _refused(t, abi.encodeWithSelector(IOptions.OfferTooLong.selector, EXPIRY + 1, EXPIRY));
        t = _call();
        t.buyBefore = uint32(START);
        _refused(t, abi.encodeWithSelector(IOptions.OfferEnded.selector, START, START));
        t = _call();
        t.buyerShare = 10_001;
        _refused(t, abi.encodeWithSelector(IOptions.ShareTooLarge.selector, 10_001, 10_000));
        t = _call();
        t.decimals = 8;
        _refused(t, abi.encodeWithSelector(IOptions.WrongDecimals.selector, 8, 2));
        t = _call();
        t.method = keccak256("last trade");
        _refused(t, abi.encodeWithSelector(IOptions.WrongMethod.selector, t.method, METHOD));
        t = _call();
        t.feed = feedId(1, 1);
        _refused(t, abi.encodeWithSelector(ICatalog.UnknownFeed.selector, t.feed, 1));
        t = _call();
        (t.size, t.bound) = (1, 100_01); // 0.01 of the smallest unit
        _refused(t, abi.encodeWithSelector(IOptions.NothingToLock.selector, 1));
    }

    function test_create_refusesAnOptionThatExists_alsoACancelledOne() external {
        Terms memory t = _call();
        vm.prank(seller);
        bytes32 id = options.create(t);
        _refused(t, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Offered, Phase.None));
        vm.prank(seller);
        options.cancel(t);
        _refused(t, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Cancelled, Phase.None));
    }

    function test_create_locksTheMostItCanPay_inOddDecimalsToo() external {
        uint8[5] memory decimals = [0, 6, 8, 18, 20];
        for (uint256 i; i < 5; ++i) {
            SampleMoney token = new SampleMoney("ODD", decimals[i]);
            _fund(token, seller);
            Terms memory t = _call();
            (t.token, t.size) = (token, 3 * 10 ** decimals[i]);
            vm.prank(seller);
            options.create(t);
            assertEq(token.balanceOf(address(options)), 150 * 10 ** decimals[i]); // 3 · (150.00 − 100.00)
        }
    }

    function test_create_refusesATokenThatTakesAFee() external {
        FeeToken token = new FeeToken();
        _fund(token, seller);
        Terms memory t = _call();
        t.token = token;
        _refused(t, abi.encodeWithSelector(IOptions.AmountMoved.selector, 99e18, 100e18));
    }

    function test_create_refusesATokenThatDoesNotPay() external {
        Terms memory t = _call();
        vm.mockCall(address(t.token), abi.encodePacked(IERC20.transferFrom.selector), abi.encode(false));
        _refused(t, abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, t.token));
    }

    // ---------------------------------------------------------------------------------------------- buying

    function test_buy_refusesAPremiumThatDoesNotArriveWhole() external {
        FeeToken token = new FeeToken();
        _fund(token, buyer);
        Terms memory t = _call();
        t.premiumToken = token;
        vm.prank(seller);
        options.create(t);
        bytes memory expected = abi.encodeWithSelector(IOptions.AmountMoved.selector, 4.95e18, 5e18);
        _as(buyer, abi.encodeCall(options.buy, (t)), expected);
    }

    function test_buy_isForTheTermsOfferedAndForNoOthers() external {
        Terms memory t = _call();
        vm.prank(seller);
        options.create(t);
        t.premium = 5e18 - 1;
        bytes32 other = options.idOf(t);
        bytes memory expected = abi.encodeWithSelector(IOptions.WrongPhase.selector, other, Phase.None, Phase.Offered);
        _as(buyer, abi.encodeCall(options.buy, (t)), expected);
    }

    function test_buy_onceAndBeforeTheOfferEnds() external {
        Terms memory t = _call();
        vm.prank(seller);
        bytes32 id = options.create(t);
        warp(EXPIRY);
        bytes memory call = abi.encodeCall(options.buy, (t));
        _as(buyer, call, abi.encodeWithSelector(IOptions.OfferEnded.selector, EXPIRY, EXPIRY));
        warp(EXPIRY - 1);
        vm.prank(buyer);
        options.buy(t);
        assertEq(options.holderOf(t, Side.Buyer), buyer);
        _as(buyer, call, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Sold, Phase.Offered));
    }

    /// @dev He who pays himself moves nothing, which is not the premium.
    function test_buy_fromOneself_isRefused_unlessItIsAGift() external {
        Terms memory t = _call();
        vm.prank(seller);
        options.create(t);
        bytes memory reason = abi.encodeWithSelector(IOptions.AmountMoved.selector, 0, 5e18);
        _as(seller, abi.encodeCall(options.buy, (t)), reason);
        t.premium = 0;
        vm.prank(seller);
        options.create(t);
        vm.prank(seller);
        options.buy(t);
        assertEq(options.holderOf(t, Side.Buyer), seller);
    }

    function test_buy_ofAGiftMovesNothing() external {
        Terms memory t = _call();
        t.premium = 0;
        uint256 before = cash.balanceOf(buyer);
        _sell(t);
        assertEq(cash.balanceOf(buyer), before);
    }

    /// @dev Then not even a token is needed to pay in; the smallest premium moves.
    function test_buy_ofAGiftNeedsNoToken_andAPremiumOfOneMoves() external {
        Terms memory t = _call();
        (t.premium, t.premiumToken) = (0, IERC20(address(0)));
        _sell(t);
        t = _call();
        t.premium = 1;
        uint256 before = cash.balanceOf(buyer);
        _sell(t);
        assertEq(cash.balanceOf(buyer), before - 1);
    }

    function test_cancel_isForTheSellerBeforeTheSale() external {
        Terms memory t = _call();
        uint256 before = cash.balanceOf(seller);
        vm.prank(seller);
        bytes32 id = options.create(t);
        bytes memory call = abi.encodeCall(options.cancel, (t));
        _as(buyer, call, abi.encodeWithSelector(IOptions.NotSeller.selector, buyer, seller));
        vm.prank(seller);
        options.cancel(t);
        assertEq(cash.balanceOf(seller), before);
        bytes memory gone = abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Cancelled, Phase.Offered);
        _as(seller, call, gone);
        _as(buyer, abi.encodeCall(options.buy, (t)), gone);
        t.salt = "again";
        id = _sell(t);
        call = abi.encodeCall(options.cancel, (t));
        _as(seller, call, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Sold, Phase.Offered));
    }

    // ---------------------------------------------------------------------------------------------- settling

    function test_settle_oneSecondTooEarlyAndInTime() external {
        Terms memory t = _call();
        bytes32 id = _sell(t);
        bytes memory call = abi.encodeCall(options.settle, (t, new Proof[](0)));
        warp(EXPIRY - 1);
        _as(buyer, call, abi.encodeWithSelector(ExpiryFixing.FixingPending.selector, EXPIRY, DEADLINE));
        warp(EXPIRY);
        _record(EXPIRY, 120_00, true);
        warp(EXPIRY + DISPUTE - 1);
        _as(buyer, call, abi.encodeWithSelector(ExpiryFixing.FixingProvisional.selector, EXPIRY, EXPIRY + DISPUTE));
        warp(EXPIRY + DISPUTE);
        options.settle(t, new Proof[](0));
        State memory state = options.stateOf(id);
        assertEq(uint256(state.phase), uint256(Phase.Fixed));
        assertEq(state.price, 120_00);
        _as(buyer, call, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Fixed, Phase.Sold));
    }

    function test_settle_onTheTwelfthFixingBefore_andOnNoneOlder() external {
        Terms memory t = _call();
        Terms memory later = _call();
        later.expiry += uint32(PERIOD);
        _sell(t);
        _sell(later);
        warp(EXPIRY - 12 * PERIOD);
        _record(EXPIRY - 12 * PERIOD, 130_00, true);
        warp(DEADLINE + PERIOD + 1);
        options.settle(t, new Proof[](0));
        options.settle(later, new Proof[](0)); // for which it is the thirteenth
        State memory state = options.stateOf(options.idOf(t));
        assertEq(uint256(state.phase), uint256(Phase.Fixed));
        assertEq(state.price, 130_00);
        assertEq(state.back, 12);
        assertEq(uint256(options.stateOf(options.idOf(later)).phase), uint256(Phase.Split));
    }

    function test_settle_refusesProofsOfAnotherPrice_andTellsWhatItNeeds() external {
        Terms memory t = _call();
        _sell(t);
        warp(EXPIRY + 30);
        _record(EXPIRY, 120_00, false);
        Proof[] memory early = new Proof[](1);
        early[0] = _proof(120_00);
        warp(EXPIRY + 30 + DISPUTE - 1);
        bytes memory provisional = abi.encodeWithSelector(IOracle.Provisional.selector, EXPIRY, EXPIRY + 30 + DISPUTE);
        _as(buyer, abi.encodeCall(options.settle, (t, early)), provisional);
        warp(EXPIRY + 30 + DISPUTE);
        bytes memory needed = abi.encodeWithSelector(ExpiryFixing.ProofNeeded.selector, EXPIRY, 0);
        Proof[] memory proofs = new Proof[](1);
        _as(buyer, abi.encodeCall(options.settle, (t, new Proof[](0))), needed);
        _as(buyer, abi.encodeCall(options.settle, (t, proofs)), needed);
        proofs[0] = _proof(150_00);
        (bool ok, bytes memory reason) = address(options).call(abi.encodeCall(options.settle, (t, proofs)));
        assertFalse(ok);
        assertEq(bytes32(bytes4(reason)), bytes32(IOracle.RootMismatch.selector));
        proofs[0] = _absence();
        (ok, reason) = address(options).call(abi.encodeCall(options.settle, (t, proofs)));
        assertFalse(ok);
        assertEq(bytes32(bytes4(reason)), bytes32(IOracle.RootMismatch.selector));
        proofs[0] = _proof(120_00);
        options.settle(t, proofs);
    }

    // ---------------------------------------------------------------------------------------------- being paid

    function test_claim_zeroAndNegativePricesArePrices() external {
        int256[4] memory prices = [int256(0), -1, -5_000, -30_000];
        uint256[4] memory payouts = [uint256(0), 0, 2 * 50e18, 2 * 100e18];
        for (uint256 i; i < 4; ++i) {
            Terms memory t = _call();
            t.expiry += uint32(i * PERIOD);
            t.kind = Kind.Put;
            (t.strike, t.bound) = (0, -100_00); // paid as far as −100.00
            (uint256 toBuyer, uint256 toSeller) = _settleAt(t, prices[i]);
            assertEq(toBuyer, i == 1 ? 2 * 0.01e18 : payouts[i]);
            assertEq(toBuyer + toSeller, 2 * 100e18);
        }
    }

    function test_claim_bothSidesReceiveExactlyTheCollateral_whateverIsDonated() external {
        SampleMoney token = new SampleMoney("INT", 0);
        _fund(token, seller);
        Terms memory t = _call();
        (t.token, t.size) = (token, 7);
        cash.mint(address(options), 123);
        token.mint(address(options), 55);
        // 7 · 12.34 = 86.38, rounded down; of 7 · 50 = 350 the seller has the rest, the fraction included.
        (uint256 toBuyer, uint256 toSeller) = _settleAt(t, 112_34);
        assertEq(toBuyer, 86);
        assertEq(toSeller, 264);
        assertEq(token.balanceOf(address(options)), 55);
    }

    function test_claim_withoutAFixingEachSideReceivesItsShare() external {
        Terms memory t = _call();
        (t.size, t.buyerShare) = (2e18 + 2, 3_333);
        _sell(t);
        warp(DEADLINE + 1);
        options.settle(t, new Proof[](0));
        // 33.33 % of 100.0000000000000001, rounded down; the seller has the rest.
        vm.prank(buyer);
        assertEq(options.claim(t, Side.Buyer), 33.33e18 + 33);
        vm.prank(seller);
        assertEq(options.claim(t, Side.Seller), 66.67e18 + 67);
    }

    /// @dev A payout of nothing asks the token for nothing; the smallest one moves.
    function test_claim_ofNothingAndOfOne() external {
        SampleMoney token = new SampleMoney("INT", 0);
        _fund(token, seller);
        Terms memory t = _call();
        (t.token, t.size) = (token, 1);
        _sell(t);
        _settle(t, 100_00);
        vm.recordLogs();
        vm.prank(buyer);
        options.claim(t, Side.Buyer);
        assertEq(vm.getRecordedLogs().length, 1, "Claimed, and no transfer");
        t.strike = 99_00;
        t.expiry += uint32(PERIOD);
        vm.warp(EXPIRY - 1);
        _sell(t);
        _settle(t, 100_00); // 1 · (100.00 − 99.00)
        vm.prank(buyer);
        options.claim(t, Side.Buyer);
        assertEq(token.balanceOf(buyer), 1);
    }

    // ---------------------------------------------------------------------------------------------- events

    function test_everyStepIsLogged() external {
        Terms memory t = _call();
        t.buyerShare = 10_000; // all of it
        bytes32 id = options.idOf(t);
        vm.expectEmit(address(options));
        emit IOptions.Created(id, seller, t.feed, t);
        vm.prank(seller);
        options.create(t);
        vm.expectEmit(address(options));
        emit IOptions.Bought(id, buyer);
        vm.prank(buyer);
        options.buy(t);
        address heir = actor("heir");
        vm.expectEmit(address(options));
        emit IOptions.SideTransferred(id, Side.Buyer, buyer, heir);
        vm.prank(buyer);
        options.transferSide(t, Side.Buyer, heir);
        warp(EXPIRY - 2 * PERIOD);
        _record(EXPIRY - 2 * PERIOD, 130_00, true);
        warp(DEADLINE + 1);
        vm.expectEmit(address(options));
        emit IOptions.Settled(id, EXPIRY - 2 * PERIOD, 130_00);
        options.settle(t, new Proof[](0));
        vm.expectEmit(address(options));
        emit IOptions.Claimed(id, Side.Buyer, heir, 60e18);
        vm.prank(heir);
        options.claim(t, Side.Buyer);
    }

    function test_whatEndsOtherwiseIsLoggedToo() external {
        Terms memory t = _call();
        vm.prank(seller);
        bytes32 id = options.create(t);
        vm.expectEmit(address(options));
        emit IOptions.Cancelled(id);
        vm.prank(seller);
        options.cancel(t);
        t.salt = "again";
        id = _sell(t);
        warp(DEADLINE + 1);
        vm.expectEmit(address(options));
        emit IOptions.SettledBySplit(id);
        options.settle(t, new Proof[](0));
    }

    // ---------------------------------------------------------------------------------------------- claims and sides

    function test_claim_onceEach_byWhoHoldsTheSide_afterItIsSettled() external {
        Terms memory t = _call();
        bytes32 id = _sell(t);
        bytes memory call = abi.encodeCall(options.claim, (t, Side.Buyer));
        _as(buyer, call, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Sold, Phase.Fixed));
        _settle(t, 130_00);
        _as(seller, call, abi.encodeWithSelector(IOptions.NotHolder.selector, seller, buyer));
        vm.prank(buyer);
        assertEq(options.claim(t, Side.Buyer), 60e18);
        _as(buyer, call, abi.encodeWithSelector(IOptions.AlreadyClaimed.selector, id, Side.Buyer));
        vm.prank(seller);
        assertEq(options.claim(t, Side.Seller), 40e18);
        call = abi.encodeCall(options.claim, (t, Side.Seller));
        _as(seller, call, abi.encodeWithSelector(IOptions.AlreadyClaimed.selector, id, Side.Seller));
        assertEq(cash.balanceOf(address(options)), 0);
    }

    function test_transferSide_handsOverWhatIsToCome() external {
        Terms memory t = _call();
        address heir = actor("heir");
        vm.prank(seller);
        bytes32 id = options.create(t);
        bytes memory call = abi.encodeCall(options.transferSide, (t, Side.Seller, heir));
        _as(seller, call, abi.encodeWithSelector(IOptions.WrongPhase.selector, id, Phase.Offered, Phase.Sold));
        vm.prank(buyer);
        options.buy(t);
        _as(buyer, call, abi.encodeWithSelector(IOptions.NotHolder.selector, buyer, seller));
        call = abi.encodeCall(options.transferSide, (t, Side.Seller, address(0)));
        _as(seller, call, abi.encodeWithSelector(IOptions.ZeroHolder.selector));
        vm.prank(seller);
        options.transferSide(t, Side.Seller, heir);
        vm.prank(buyer);
        options.transferSide(t, Side.Buyer, heir);
        _settle(t, 130_00);
        _as(
            seller,
            abi.encodeCall(options.claim, (t, Side.Seller)),
            abi.encodeWithSelector(IOptions.NotHolder.selector, seller, heir)
        );
        vm.prank(heir);
        options.claim(t, Side.Seller);
        vm.prank(heir);
        options.claim(t, Side.Buyer);
        assertEq(cash.balanceOf(heir), 100e18);
        call = abi.encodeCall(options.transferSide, (t, Side.Buyer, buyer));
        _as(heir, call, abi.encodeWithSelector(IOptions.AlreadyClaimed.selector, id, Side.Buyer));
    }

    // ---------------------------------------------------------------------------------------------- hostile tokens

    /// @dev Of money, from its locking to the claims, and back from an offer that was cancelled.
    function test_moneyThatAnswersNothing_isTakenAndPaid() external {
        SilentToken token = _silentMoney(address(options));
        Terms memory t = _call();
        (t.token, t.premiumToken) = (IERC20(address(token)), IERC20(address(token)));
        vm.prank(seller);
        options.create(t);
        vm.prank(seller);
        options.cancel(t);
        assertEq(token.balanceOf(seller), 1_000e18);
        t.salt = "again";
        (uint256 toBuyer, uint256 toSeller) = _settleAt(t, 120_00);
        assertEq(toBuyer, 40e18);
        assertEq(toSeller, 60e18);
        assertEq(token.balanceOf(seller), 1_000e18 - 100e18 + 5e18 + 60e18);
        assertEq(token.balanceOf(buyer), 1_000e18 - 5e18 + 40e18);
    }

    function test_aReceiverThatRevertsBlocksNobodyElse() external {
        (HookToken token, Terms memory t, HookedBuyer hooked) = _hooked();
        _settle(t, 130_00);
        hooked.refuse();
        _as(
            address(hooked),
            abi.encodeCall(options.claim, (t, Side.Buyer)),
            abi.encodeWithSelector(HookedBuyer.Refused.selector)
        );
        uint256 before = token.balanceOf(seller);
        vm.prank(seller);
        options.claim(t, Side.Seller);
        assertEq(token.balanceOf(seller) - before, 40e18);
        // He is not stuck either: another may receive it.
        vm.prank(address(hooked));
        options.transferSide(t, Side.Buyer, buyer);
        vm.prank(buyer);
        options.claim(t, Side.Buyer);
        assertEq(token.balanceOf(address(options)), 0);
    }

    function test_aReceiverThatCallsBackIsRefused() external {
        (HookToken token, Terms memory t, HookedBuyer hooked) = _hooked();
        Terms memory other = t;
        _settle(t, 130_00);
        hooked.callBack(abi.encodeCall(options.claim, (other, Side.Buyer)));
        vm.prank(address(hooked));
        options.claim(t, Side.Buyer);
        assertEq(
            hooked.answer(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
        assertEq(token.balanceOf(address(options)), 40e18);
    }

    /// @dev While a claim is being paid, every function that changes something refuses, before it looks at anything.
    function test_aReceiverThatCallsBackIsRefused_whateverItCalls() external {
        (HookToken token, Terms memory t, HookedBuyer hooked) = _hooked();
        bytes[6] memory calls = [
            abi.encodeCall(options.create, (t)),
            abi.encodeCall(options.cancel, (t)),
            abi.encodeCall(options.buy, (t)),
            abi.encodeCall(options.settle, (t, new Proof[](0))),
            abi.encodeCall(options.claim, (t, Side.Seller)),
            abi.encodeCall(options.transferSide, (t, Side.Seller, buyer))
        ];
        for (uint256 i; i < 6; ++i) {
            t.salt = bytes32(i + 1);
            vm.prank(seller);
            options.create(t);
            vm.prank(address(hooked));
            options.buy(t);
        }
        _fix(EXPIRY, 130_00);
        for (uint256 i; i < 6; ++i) {
            t.salt = bytes32(i + 1);
            options.settle(t, new Proof[](0));
            hooked.callBack(calls[i]);
            vm.prank(address(hooked));
            options.claim(t, Side.Buyer);
            assertEq(
                hooked.answer(),
                abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
            );
        }
        assertEq(token.balanceOf(address(hooked)), 6 * 60e18);
    }

    function _hooked() private returns (HookToken token, Terms memory t, HookedBuyer hooked) {
        token = new HookToken();
        hooked = new HookedBuyer(options, token);
        _fund(token, seller);
        t = _call();
        (t.token, t.premium) = (token, 0);
        vm.prank(seller);
        options.create(t);
        vm.prank(address(hooked));
        options.buy(t);
    }

    // ---------------------------------------------------------------------------------------------- helpers

    function _refused(Terms memory terms, bytes memory expected) private {
        _as(seller, abi.encodeCall(options.create, (terms)), expected);
    }

    function _as(address caller, bytes memory call, bytes memory expected) private {
        vm.prank(caller);
        assertReverts(address(options), call, expected);
    }

    /// @dev Settles on the fixing of the expiry.
    function _settle(Terms memory terms, int256 price) private {
        _fix(terms.expiry, price);
        options.settle(terms, new Proof[](0));
    }

    function _settleAt(Terms memory terms, int256 price) private returns (uint256 toBuyer, uint256 toSeller) {
        warp(terms.buyBefore - 1);
        _sell(terms);
        _settle(terms, price);
        vm.prank(buyer);
        toBuyer = options.claim(terms, Side.Buyer);
        vm.prank(seller);
        toSeller = options.claim(terms, Side.Seller);
        warp(START);
    }
}

/// @dev Refuses tokens, or calls the options contract back when they arrive.
contract HookedBuyer is ITokenHooks {
    error Refused();

    Options private immutable OPTIONS;
    bool private _refuses;
    bytes private _call;
    bytes public answer;

    constructor(Options options, HookToken token) {
        OPTIONS = options;
        token.hook();
    }

    function refuse() external {
        _refuses = true;
    }

    function callBack(bytes calldata call) external {
        _call = call;
    }

    function tokensToSend() external {}

    function tokensReceived() external {
        if (_refuses) revert Refused();
        if (_call.length != 0) (, answer) = address(OPTIONS).call(_call);
    }
}
