// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {feedId, FeedId} from "../../../contracts/FeedId.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {ITwoPersonGate} from "../../../contracts/interfaces/ITwoPersonGate.sol";
import {Test, vm} from "./Test.sol";

/// @title Governed: a real oracle behind a real gate
/// @dev One bundle of one feed, one signer. The deployer has no right.
abstract contract Governed is Test {
    uint256 internal constant BUNDLE = 5;
    uint256 internal constant DAY = 24 hours;
    uint256 internal constant DISPUTE = 1 hours;
    bytes32 internal constant SALT = keccak256("nakane:local:test");

    ITwoPersonGate internal gate;
    IOracle internal oracle;
    address internal ann;
    address internal ben;
    address internal cho;
    address internal dan;
    address internal guardian;
    address internal stranger;

    /// @dev Deploys both at START. The oracle has neither bundles nor signers.
    function deploy() internal {
        warp(START);
        (ann, ben, cho, dan) = (actor("ann"), actor("ben"), actor("cho"), actor("dan"));
        (guardian, stranger) = (actor("guardian"), actor("stranger"));
        address[] memory guardians = new address[](1);
        guardians[0] = guardian;
        gate = newGate(four(ann, ben, cho, dan), guardians);
        oracle = IOracle(newOracle(address(gate)));
    }

    function newGate(address[] memory members, address[] memory guardians) internal returns (ITwoPersonGate) {
        return ITwoPersonGate(deploy("TwoPersonGate.sol:TwoPersonGate", abi.encode(members, guardians)));
    }

    function newOracle(address governor) internal returns (address) {
        return deploy("Oracle.sol:Oracle", abi.encode(governor, SALT, DISPUTE, 120));
    }

    /// @dev Defines the bundle and puts the signer in force, as two members may while there is nothing to protect.
    function genesis() internal {
        operate(address(oracle), defineCall(BUNDLE), "genesis");
        operate(address(oracle), signersCall("signer", now_(), 0), "genesis");
    }

    /// @dev Ann proposes, Ben approves, Ann executes: for what has no delay.
    function operate(address target, bytes memory data, bytes32 salt) internal returns (bytes32 hash) {
        hash = consent(target, data, salt);
        vm.prank(ann);
        gate.execute(target, data, salt);
    }

    /// @dev As above, a day later.
    function operateLater(address target, bytes memory data, bytes32 salt) internal returns (bytes32 hash) {
        hash = consent(target, data, salt);
        skip(DAY);
        vm.prank(ann);
        gate.execute(target, data, salt);
    }

    /// @dev Ann proposes, Ben approves.
    function consent(address target, bytes memory data, bytes32 salt) internal returns (bytes32 hash) {
        vm.prank(ann);
        hash = gate.propose(target, data, salt);
        vm.prank(ben);
        gate.approve(target, data, salt);
    }

    function defineCall(uint256 bundle) internal pure returns (bytes memory) {
        string[] memory symbols = new string[](1);
        symbols[0] = "BTC/JPY";
        uint8[] memory decimals = new uint8[](1);
        decimals[0] = 2;
        bytes32[] memory methods = new bytes32[](1);
        methods[0] = keccak256("median");
        uint32[] memory maxInputAge = new uint32[](1);
        maxInputAge[0] = 30;
        return abi.encodeCall(IOracle.defineBundle, (bundle, symbols, decimals, methods, maxInputAge));
    }

    function signersCall(string memory signer, uint256 activeFrom, uint256 overlap) internal returns (bytes memory) {
        return abi.encodeCall(IOracle.setSigners, (signerSet(signer), activeFrom, overlap));
    }

    /// @dev A set of one: q:1 n:1 address:20.
    function signerSet(string memory signer) internal returns (bytes memory) {
        return abi.encodePacked(uint8(1), uint8(1), actor(signer));
    }

    /// @dev A report of BUNDLE signed by one signer: latest word and, at a fixing time, the fixing.
    function report(string memory signer, uint256 observedAt, int56 price) internal returns (bytes memory) {
        bytes memory words = abi.encodePacked(type(int56).min, type(int56).min, type(int56).min, price);
        bytes32 inner = keccak256(abi.encodePacked(uint24(BUNDLE), oracle.definition(BUNDLE), words));
        (, , , , bytes32 domain, ) = oracle.config();
        bytes32 message = keccak256(
            abi.encode(keccak256("Report(uint32 observedAt,bytes32 root)"), observedAt, keccak256(abi.encode(inner)))
        );
        (address addr, uint256 key) = account(signer);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, message)));
        bytes32 vs = bytes32((uint256(v - 27) << 255) | uint256(s));
        bytes memory head = abi.encodePacked(uint32(observedAt), uint8(1), uint8(1), addr, uint8(0), r, vs);
        return abi.encodePacked(head, uint24(BUNDLE), uint8(3), uint8(0), words);
    }

    function feed() internal pure returns (FeedId) {
        return feedId(BUNDLE, 0);
    }

    function four(address a, address b, address c, address d) internal pure returns (address[] memory list) {
        list = new address[](4);
        (list[0], list[1], list[2], list[3]) = (a, b, c, d);
    }
}
