// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {FeedId} from "../FeedId.sol";
import {IOracle} from "../interfaces/IOracle.sol";

/// @notice What the report of a fixing time said of a bundle. Bring `part` where the bundle was in the report; else
/// leave it empty and bring `siblings`, which prove that it was not (as `IOracle.proveAbsent` takes them).
struct Proof {
    bytes part;
    bytes32[] siblings;
}

/// @title ExpiryFixing: which fixing an expiry settles on
/// @notice The fixing at `expiry`, or the newest good one among the 12 fixing times before it. A fixing is *good* if
/// its root was kept by the deadline, `expiry` + 7 days; it was not voided; its report held the bundle; and the signers
/// had a price.
///
/// @dev Why the answer does not depend on who asks, when, or with what:
/// 1. Whether a fixing is good is a fact that nobody here can change. The oracle keeps one root a time and never
///    replaces it, so `since` is one number, and what the root holds is one price, no price, or no bundle. Only a void
///    is added later, before finality.
/// 2. A time is found good only when it is final: no void can follow. It is found bad only when it must stay bad: it is
///    void; or its root came after the deadline; or there is none and the deadline is past (`now > deadline`: in the
///    deadline's own second a root may still come); or the root holds no price, or not the bundle (a void would be bad
///    too, so absence need not wait for finality). In every other case the call reverts and nothing is settled.
/// 3. Times are judged newest first, and the first good one is the answer; a time that cannot be judged yet stops the
///    search. So an older fixing is never taken while a newer one may still be good.
/// 4. Proofs choose nothing: at each time the oracle accepts one price or the absence, and no other.
/// What is left is whether anybody asks in time. A root can be proven for a year. From `expiry` + 330 days on there is
/// no search at all, and the answer is "none" for everybody: whoever prefers the fixing has had all this time to ask,
/// and nobody can hinder him.
library ExpiryFixing {
    uint256 internal constant PERIOD = 300;
    uint256 internal constant BEFORE = 12;
    uint256 internal constant GRACE = 7 days;
    /// @dev Below the year for which `expiry` − BEFORE · PERIOD can be proven, with a month to spare.
    uint256 internal constant LAST = 330 days;

    /// @notice No root is kept for `time`; one that comes by `deadline` counts. Record its report, or wait.
    error FixingPending(uint256 time, uint256 deadline);
    /// @notice The fixing of `time` can still be voided. Wait until `finalAt`.
    error FixingProvisional(uint256 time, uint256 finalAt);
    /// @notice The root of `time` is kept, the price is not stored: bring it as `proofs[index]`.
    error ProofNeeded(uint256 time, uint256 index);

    /// @notice The fixing that `expiry` settles on.
    /// @param dispute The oracle's dispute window, for the error that says when to come back.
    /// @param proofs `proofs[i]` belongs to the time `expiry` − i · 300. Only what ProofNeeded asks for is read; the
    /// others may be empty, the list may be short.
    /// @return found Whether there is one.
    /// @return price In the feed's decimals.
    /// @return back How many fixing times before the expiry it is, 0 to 12.
    function find(
        IOracle oracle,
        uint256 dispute,
        FeedId feed,
        uint256 expiry,
        Proof[] calldata proofs
    ) internal view returns (bool found, int256 price, uint256 back) {
        if (block.timestamp >= expiry + LAST) return (false, 0, 0);
        for (; back <= BEFORE; ++back) {
            (found, price) = _judge(oracle, dispute, feed, expiry, back, proofs);
            if (found) return (true, price, back);
        }
        return (false, 0, 0);
    }

    /// @dev Whether the fixing `back` periods before `expiry` is good, and its price. Reverts while that is not known.
    function _judge(
        IOracle oracle,
        uint256 dispute,
        FeedId feed,
        uint256 expiry,
        uint256 back,
        Proof[] calldata proofs
    ) private view returns (bool good, int256 price) {
        uint256 time = expiry - back * PERIOD;
        uint256 deadline = expiry + GRACE;
        IOracle.Status status;
        uint256 since;
        (status, price, since) = oracle.tryFixing(feed, time);
        if (since == 0) {
            if (block.timestamp <= deadline) revert FixingPending(time, deadline);
            return (false, 0);
        }
        if (since > deadline || status == IOracle.Status.Void || status == IOracle.Status.NoPrice) return (false, 0);
        if (status == IOracle.Status.Final) return (true, price);
        if (status == IOracle.Status.Provisional) revert FixingProvisional(time, since + dispute);
        // Unstored or Expired.
        if (back >= proofs.length) revert ProofNeeded(time, back);
        return _prove(oracle, feed, time, back, proofs[back]);
    }

    function _prove(
        IOracle oracle,
        FeedId feed,
        uint256 time,
        uint256 back,
        Proof calldata proof
    ) private view returns (bool good, int256 price) {
        if (proof.part.length == 0) {
            if (proof.siblings.length == 0) revert ProofNeeded(time, back);
            oracle.proveAbsent(time, feed.bundle(), proof.siblings);
            return (false, 0);
        }
        try oracle.proveFixing(feed, time, proof.part) returns (int256 proven) {
            return (true, proven);
        } catch (bytes memory reason) {
            bytes memory noPrice = abi.encodeWithSelector(IOracle.NoPrice.selector, feed, time);
            if (keccak256(reason) != keccak256(noPrice)) LowLevelCall.bubbleRevert(reason);
            return (false, 0);
        }
    }
}
