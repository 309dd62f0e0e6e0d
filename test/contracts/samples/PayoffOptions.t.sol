// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {IPayoff} from "../../../contracts/samples/IPayoff.sol";
import {PayoffOptions} from "../../../contracts/samples/PayoffOptions.sol";
import {StraddlePayoff} from "../../../contracts/samples/StraddlePayoff.sol";
import {OptionWorld} from "../options/OptionWorld.sol";
import {vm} from "../utils/Test.sol";

/// @notice Says that more is paid than is locked.
contract GreedyPayoff is IPayoff {
    function most(uint256 amount) external pure returns (uint256) {
        return amount;
    }

    function payout(uint256 amount, int256) external pure returns (uint256) {
        return 2 * amount;
    }
}

contract PayoffOptionsTest is OptionWorld {
    uint256 private constant AMOUNT = 1_001;

    PayoffOptions private _book;
    IPayoff private _straddle;

    function setUp() public {
        _build();
        _book = PayoffOptions(deploy("samples/PayoffOptions.sol:PayoffOptions", abi.encode(oracle)));
        _straddle = new StraddlePayoff(100_00, 10_00);
        for (uint256 i; i < 2; ++i) {
            vm.prank(i == 0 ? seller : buyer);
            cash.approve(address(_book), type(uint256).max);
        }
    }

    function test_settles_onTheFixing_andPaysBothSidesAllThatWasLocked() public {
        uint256 id = _sold(_straddle);
        _fix(EXPIRY, 97_50);
        _book.settle(id, new Proof[](0));
        // 2.50 of 10.00: a quarter, rounded down.
        assertEq(_claim(buyer, id), 250);
        assertEq(_claim(seller, id), AMOUNT - 250);
        assertEq(cash.balanceOf(address(_book)), 0);
    }

    function test_paysNoMoreThanIsLocked_whateverThePayoffSays() public {
        uint256 id = _sold(new GreedyPayoff());
        _fix(EXPIRY, 100_00);
        _book.settle(id, new Proof[](0));
        assertEq(_claim(seller, id), 0);
        assertEq(_claim(buyer, id), AMOUNT);
    }

    function test_splitsInHalves_whereNoFixingCounts() public {
        uint256 id = _sold(_straddle);
        warp(DEADLINE + 1);
        _book.settle(id, new Proof[](0));
        assertEq(_claim(buyer, id), AMOUNT / 2);
        assertEq(_claim(seller, id), AMOUNT - AMOUNT / 2);
    }

    function test_cancel_givesBackWhatNobodyBought() public {
        uint256 before = cash.balanceOf(seller);
        uint256 id = _created(_straddle);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotHolder.selector, buyer));
        _book.cancel(id);
        vm.prank(seller);
        _book.cancel(id);
        assertEq(cash.balanceOf(seller), before);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotOffered.selector, id));
        _book.buy(id);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotOffered.selector, id));
        _book.cancel(id);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotHolder.selector, seller));
        _book.claim(id);
    }

    function test_refuses_whatComesTooEarlyTooLateOrTwice() public {
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotAFixingTime.selector, EXPIRY + 1, PERIOD));
        _book.create(_straddle, FEED, cash, AMOUNT, 7, uint32(EXPIRY + 1));
        uint256 unsold = _created(_straddle);
        uint256 id = _sold(_straddle);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotOffered.selector, id));
        _book.buy(id);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotOffered.selector, id));
        _book.cancel(id);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotSettled.selector, id));
        _book.claim(id);

        warp(EXPIRY);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.OfferEnded.selector, EXPIRY, EXPIRY));
        _book.buy(unsold);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.OfferEnded.selector, EXPIRY, EXPIRY));
        _book.create(_straddle, FEED, cash, AMOUNT, 7, uint32(EXPIRY));
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotSold.selector, unsold));
        _book.settle(unsold, new Proof[](0));
        _fix(EXPIRY, 90_00);
        _book.settle(id, new Proof[](0));
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.AlreadyDone.selector, id));
        _book.settle(id, new Proof[](0));
        assertEq(_claim(buyer, id), AMOUNT);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(PayoffOptions.NotHolder.selector, buyer));
        _book.claim(id);
    }

    function testFuzz_straddle_paysTheDistance_upToItsReach(int56 price, uint96 amount) public view {
        uint256 distance = uint256(price > 100_00 ? int256(price) - 100_00 : 100_00 - int256(price));
        uint256 counted = distance > 10_00 ? 10_00 : distance;
        assertEq(_straddle.payout(amount, price), (uint256(amount) * counted) / 10_00);
        assertEq(_straddle.most(amount), amount);
    }

    function _created(IPayoff payoff) private returns (uint256 id) {
        vm.prank(seller);
        id = _book.create(payoff, FEED, cash, AMOUNT, 7, uint32(EXPIRY));
    }

    function _sold(IPayoff payoff) private returns (uint256 id) {
        id = _created(payoff);
        uint256 before = cash.balanceOf(seller);
        vm.prank(buyer);
        _book.buy(id);
        assertEq(cash.balanceOf(seller), before + 7);
        assertEq(_book.optionOf(id).buyer, buyer);
    }

    function _claim(address holder, uint256 id) private returns (uint256 amount) {
        vm.prank(holder);
        amount = _book.claim(id);
    }
}
