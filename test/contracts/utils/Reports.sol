// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test, vm} from "./Test.sol";
import {Trie} from "./Trie.sol";

/// @dev A signer set with its keys, addresses ascending.
struct Signers {
    uint256 q;
    uint256[] keys;
    address[] addresses;
}

/// @dev A bundle of a catalog, as a test made it.
struct Bundle {
    uint256 number;
    uint256 feeds;
    bytes32 definition;
}

/// @dev The prices of a catalog at one time: `prices[i]` of bundles[i], empty if the bundle is left out.
struct Prices {
    uint256 observedAt;
    int256[][] prices;
}

/// @dev One part to be: which bundle of the catalog, and its mask.
struct Choice {
    uint256 which;
    uint256 mask;
}

/// @title Reports: builds, signs and encodes reports, written without a look at the oracle's own reading of them
abstract contract Reports is Test {
    int256 internal constant NO_PRICE_LANE = type(int56).min;

    bytes32 internal immutable SALT = keccak256("nakane:local:test");

    // ---------------------------------------------------------------------------------------------- signers

    /// @dev n signers whose keys come from `name`, with the smallest quorum that n allows.
    function makeSigners(string memory name, uint256 n) internal pure returns (Signers memory s) {
        (s.keys, s.addresses) = (new uint256[](n), new address[](n));
        s.q = (n + (n - 1) / 3) / 2 + 1;
        for (uint256 i; i < n; ++i) {
            uint256 key = uint256(keccak256(abi.encode(name, i)));
            address signer = vm.addr(key);
            uint256 j = i;
            for (; j > 0 && s.addresses[j - 1] > signer; --j) {
                (s.keys[j], s.addresses[j]) = (s.keys[j - 1], s.addresses[j - 1]);
            }
            (s.keys[j], s.addresses[j]) = (key, signer);
        }
    }

    function setBytes(Signers memory s) internal pure returns (bytes memory set) {
        set = abi.encodePacked(uint8(s.q), uint8(s.addresses.length));
        for (uint256 i; i < s.addresses.length; ++i) set = abi.encodePacked(set, s.addresses[i]);
    }

    function domain() internal view returns (bytes32) {
        bytes32 domainType = keccak256("EIP712Domain(string name,string version,bytes32 salt)");
        return keccak256(abi.encode(domainType, keccak256("Nakane"), keccak256("1"), SALT));
    }

    function digest(uint256 observedAt, bytes32 root) internal view returns (bytes32) {
        bytes32 message = keccak256(abi.encode(keccak256("Report(uint32 observedAt,bytes32 root)"), observedAt, root));
        return keccak256(abi.encodePacked(hex"1901", domain(), message));
    }

    /// @dev index:1 r:32 vs:32
    function signature(
        Signers memory s,
        uint256 index,
        uint256 observedAt,
        bytes32 root
    ) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 t) = vm.sign(s.keys[index], digest(observedAt, root));
        return abi.encodePacked(uint8(index), r, bytes32((uint256(v - 27) << 255) | uint256(t)));
    }

    /// @dev Signatures of the signers `first`, `first` + 1, … as many as the quorum.
    function signatures(
        Signers memory s,
        uint256 first,
        uint256 observedAt,
        bytes32 root
    ) internal view returns (bytes memory all) {
        for (uint256 i; i < s.q; ++i) all = bytes.concat(all, signature(s, first + i, observedAt, root));
    }

    // ---------------------------------------------------------------------------------------------- bundles

    function wordsOf(uint256 feeds) internal pure returns (uint256) {
        return (feeds + 3) / 4;
    }

    /// @dev lane3 first; lanes behind the last feed have no price.
    function packWords(int256[] memory prices) internal pure returns (bytes memory words) {
        for (uint256 w; w < wordsOf(prices.length); ++w) {
            for (uint256 lane = 4; lane > 0; --lane) {
                uint256 position = 4 * w + lane - 1;
                int256 price = position < prices.length ? prices[position] : NO_PRICE_LANE;
                words = abi.encodePacked(words, uint56(int56(price)));
            }
        }
    }

    function leaf(Bundle memory bundle, int256[] memory prices) internal pure returns (bytes32) {
        if (prices.length == 0) return 0;
        bytes memory data = abi.encodePacked(uint24(bundle.number), bundle.definition, packWords(prices));
        return keccak256(abi.encodePacked(keccak256(data)));
    }

    function _leaves(
        Bundle[] memory bundles,
        int256[][] memory prices
    ) private pure returns (uint256[] memory numbers, bytes32[] memory leaves) {
        (numbers, leaves) = (new uint256[](bundles.length), new bytes32[](bundles.length));
        for (uint256 i; i < bundles.length; ++i) {
            (numbers[i], leaves[i]) = (bundles[i].number, leaf(bundles[i], prices[i]));
        }
    }

    function rootOf(Bundle[] memory bundles, int256[][] memory prices) internal pure returns (bytes32) {
        (uint256[] memory numbers, bytes32[] memory leaves) = _leaves(bundles, prices);
        return Trie.root(numbers, leaves);
    }

    function proofOf(
        Bundle[] memory bundles,
        int256[][] memory prices,
        uint256 which
    ) internal pure returns (bytes32[] memory) {
        (uint256[] memory numbers, bytes32[] memory leaves) = _leaves(bundles, prices);
        return Trie.proof(numbers, leaves, which);
    }

    // ---------------------------------------------------------------------------------------------- bytes

    function maskBytes(uint256 words, uint256 mask) internal pure returns (bytes memory bytes_) {
        bytes_ = new bytes((words + 8) / 8);
        for (uint256 i; i < bytes_.length; ++i) bytes_[bytes_.length - 1 - i] = bytes1(uint8(mask >> (8 * i)));
    }

    /// @dev Every word as latest, and the fixings.
    function wholeMask(uint256 feeds) internal pure returns (uint256) {
        return (2 << wordsOf(feeds)) - 1;
    }

    function part(
        Bundle[] memory bundles,
        int256[][] memory prices,
        Choice memory choice
    ) internal pure returns (bytes memory) {
        Bundle memory bundle = bundles[choice.which];
        bytes32[] memory siblings = proofOf(bundles, prices, choice.which);
        return
            abi.encodePacked(
                uint24(bundle.number),
                maskBytes(wordsOf(bundle.feeds), choice.mask),
                uint8(siblings.length),
                siblings,
                packWords(prices[choice.which])
            );
    }

    function parts(
        Bundle[] memory bundles,
        int256[][] memory prices,
        Choice[] memory choices
    ) internal pure returns (bytes memory all) {
        for (uint256 i; i < choices.length; ++i) all = bytes.concat(all, part(bundles, prices, choices[i]));
    }

    /// @dev All bundles that are not left out, whole.
    function wholeChoices(
        Bundle[] memory bundles,
        int256[][] memory prices
    ) internal pure returns (Choice[] memory choices) {
        uint256 count;
        for (uint256 i; i < bundles.length; ++i) if (prices[i].length != 0) ++count;
        choices = new Choice[](count);
        for (uint256 i = bundles.length; i > 0; --i) {
            if (prices[i - 1].length != 0) choices[--count] = Choice(i - 1, wholeMask(bundles[i - 1].feeds));
        }
    }

    function report(
        Signers memory s,
        Bundle[] memory bundles,
        Prices memory p,
        Choice[] memory choices
    ) internal view returns (bytes memory) {
        bytes memory signed = signatures(s, 0, p.observedAt, rootOf(bundles, p.prices));
        return abi.encodePacked(uint32(p.observedAt), setBytes(s), signed, parts(bundles, p.prices, choices));
    }

    function wholeReport(
        Signers memory s,
        Bundle[] memory bundles,
        Prices memory p
    ) internal view returns (bytes memory) {
        return report(s, bundles, p, wholeChoices(bundles, p.prices));
    }
}
