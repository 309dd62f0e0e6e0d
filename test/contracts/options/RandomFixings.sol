// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice The oracle under random hands: relayers that record a time or leave it, with or without a price, governors
/// that void, a guardian that halts, and the clock. Remembers what every root says, as the archive of the house does.
abstract contract RandomFixings is OptionWorld {
    struct Kept {
        bool kept;
        bool absent;
        int256 price;
    }

    mapping(uint256 time => Kept) private _kept;
    uint256 private _newest; // recorded last
    bool private _halted;

    /// @dev Records `time`, if it has come and was not recorded. Before START nobody signed.
    function _keep(uint256 time, uint256 seed) internal {
        if (time < START || time > now_() || now_() - time >= SPAN || _kept[time].kept) return;
        Kept memory one = Kept(true, seed % 6 == 0, int256((seed >> 16) % 250_00) - 50_00);
        if ((seed >> 8) % 6 == 0) one.price = NO_PRICE;
        (_kept[time], _newest) = (one, time);
        if (one.absent) _recordWithout(time);
        else _record(time, one.price, (seed >> 120) % 2 == 0);
    }

    /// @dev As it should be: waits for `time`, records it at once, with a price, and waits until it is final.
    function _keepInTime(uint256 time, uint256 seed) internal {
        if (now_() < time) warp(time);
        if (now_() - time >= SPAN || _kept[time].kept) return;
        _kept[time] = Kept(true, false, int256(seed % 250_00) - 50_00);
        _record(time, _kept[time].price, true);
        skip(DISPUTE);
    }

    /// @dev Stores what was recorded without being stored, if the ring still has a place for it.
    function _store(uint256 time) internal {
        if (!_kept[time].kept || _kept[time].absent) return;
        try oracle.recordFixing(time, _proof(_kept[time].price).part) {} catch {}
    }

    /// @dev Voids what was recorded last, or the bundle of it, unless it is final.
    function _void(bool whole) internal returns (bool done) {
        bytes memory call =
            whole ? abi.encodeCall(oracle.voidRoot, (_newest)) : abi.encodeCall(oracle.voidFixing, (_newest, 1));
        (done, ) = address(oracle).call(call);
    }

    function _haltOrResume() internal {
        if (_halted) oracle.resume(1);
        else oracle.halt(1);
        _halted = !_halted;
    }

    /// @dev On by minutes; one time in three to a moment that decides about `time`: its own, its finality, its deadline.
    function _wait(uint256 time, uint256 seed) internal {
        if (seed % 3 != 0) return skip((seed >> 8) % 20 minutes);
        uint256[3] memory waits = [uint256(0), DISPUTE, GRACE + 1];
        uint256 moment = time + waits[(seed >> 8) % 3];
        if (now_() < moment) warp(moment);
    }

    /// @dev All that can be proven of what `expiry` settles on.
    function _proofsOf(uint256 expiry) internal view returns (Proof[] memory proofs) {
        proofs = new Proof[](13);
        for (uint256 back; back <= 12; ++back) {
            Kept memory one = _kept[expiry - back * PERIOD];
            if (one.kept) proofs[back] = one.absent ? _absence() : _proof(one.price);
        }
    }
}
