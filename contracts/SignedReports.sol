// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {Definition} from "./Definition.sol";
import {Governed} from "./Governed.sol";
import {Part, ReportReader} from "./ReportReader.sol";
import {IOracle} from "./interfaces/IOracle.sol";

/// @title SignedReports: who may sign for which time and which bundles, and reading what they signed
/// @dev A set is in force by `observedAt`, not by the block time, so that no two sets ever sign for the same time.
/// Only hashes are stored, of sets and of definitions; a report brings its set with it.
abstract contract SignedReports is Governed, IERC5267 {
    using ReportReader for bytes;

    uint256 private constant LONGEST_OVERLAP = 8_192 * 300;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    bytes32 private constant REPORT_TYPE = keccak256("Report(uint32 observedAt,bytes32 root)");

    bytes32 private immutable SALT;
    bytes32 internal immutable DOMAIN;

    /// @inheritdoc IOracle
    mapping(uint256 bundle => bytes32) public definition;
    uint24[] internal _bundles; // all that are defined
    uint256 internal _signers; // activeFrom:32 | 0:32 | hash:192
    uint256 internal _retired; // until:32 | activeFrom:32 | hash:192   for times from activeFrom to _signers.activeFrom

    /// @param salt keccak256("nakane:<network>:<mode>"). The domain has neither chain id nor address: one signature
    /// serves every chain of a network.
    constructor(address governor, bytes32 salt) Governed(governor) {
        bytes32 domainType = keccak256("EIP712Domain(string name,string version,bytes32 salt)");
        SALT = salt;
        DOMAIN = keccak256(abi.encode(domainType, keccak256("Nakane"), keccak256("1"), salt));
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (0x13, "Nakane", "1", 0, address(0), SALT, new uint256[](0)); // 0x13: name, version, salt
    }

    /// @inheritdoc IOracle
    function setSigners(bytes calldata set, uint256 activeFrom, uint256 overlap) external onlyGovernor {
        if (set.length < 2) revert BadLength(set.length, 2);
        (uint256 q, uint256 n) = (uint8(set[0]), uint8(set[1]));
        if (set.length != 2 + 20 * n) revert BadLength(set.length, 2 + 20 * n);
        if (n == 0 || q > n || 2 * q <= n + (n - 1) / 3) revert BadQuorum(q, n);
        address previous;
        for (uint256 i; i < n; ++i) {
            address signer = _signer(set, 2, i);
            if (signer <= previous) revert SignerOrder(previous, signer);
            previous = signer;
        }
        if (overlap > LONGEST_OVERLAP) revert OverlapTooLong(overlap, LONGEST_OVERLAP);
        if (activeFrom < block.timestamp || activeFrom > type(uint32).max - LONGEST_OVERLAP) {
            revert BadActiveFrom(activeFrom, block.timestamp);
        }

        // The set in force retires. Where the newest set is still pending, the one in force is in _retired already.
        uint256 retiring = uint224(_retired);
        uint256 activeSince = _signers >> 224;
        if (activeSince <= block.timestamp) retiring = (activeSince << 192) | uint192(_signers);
        _retired = ((activeFrom + overlap) << 224) | retiring;
        _signers = (activeFrom << 224) | uint192(uint256(keccak256(set)));
        emit SignersSet(activeFrom, activeFrom + overlap, set);
    }

    /// @inheritdoc IOracle
    function defineBundle(
        uint256 bundle,
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) external onlyGovernor {
        uint256 feeds = symbols.length;
        bool even = decimals.length == feeds && methods.length == feeds && maxInputAge.length == feeds;
        if (bundle >= 2 ** 24 || feeds == 0 || feeds > 256 || !even) revert BadBundle(bundle, feeds);
        if (definition[bundle] != 0) revert BundleExists(bundle);
        bytes32 hash = Definition.hash(bundle, symbols, decimals, methods, maxInputAge);
        definition[bundle] = hash;
        _bundles.push(uint24(bundle));
        emit BundleDefined(bundle, hash, symbols, decimals, methods, maxInputAge);
    }

    function _wordsOf(uint256 bundle) internal view returns (uint256) {
        if (definition[bundle] == 0) revert UnknownBundle(bundle);
        return Definition.words(definition[bundle]);
    }

    /// @dev Reads the header and the first part, and requires the signatures over where it leads.
    function _open(bytes calldata report, Part memory part) internal view returns (uint256 observedAt) {
        uint256 n;
        uint256 parts;
        (observedAt, n, parts) = _readHeader(report);
        report.read(part, parts, definition);
        _requireSigned(report, observedAt, n, parts, part.root);
    }

    /// @dev Replaces `part` by the one after it, which must lead to the same root.
    function _next(bytes calldata report, Part memory part) internal view {
        (uint256 bundle, bytes32 root) = (part.bundle, part.root);
        report.read(part, part.end, definition);
        if (part.bundle <= bundle) revert BundleOrder(bundle, part.bundle);
        if (part.root != root) revert RootMismatch(uint256(part.root), uint256(root));
    }

    /// @dev Reads observedAt:4 q:1 n:1 address:20·n (index:1 r:32 vs:32)·q and requires the set in force at observedAt.
    /// @return observedAt Not in the future.
    /// @return n Signers.
    /// @return parts Where the signatures end, to be checked once the root is known, and the parts begin.
    function _readHeader(bytes calldata report) private view returns (uint256 observedAt, uint256 n, uint256 parts) {
        uint256 head = report.load(0);
        (observedAt, n) = (head >> 224, uint8(head >> 208));
        unchecked {
            uint256 setLength = 2 + 20 * n;
            parts = 4 + setLength + 65 * uint256(uint8(head >> 216));
            if (report.length < parts) revert BadLength(report.length, parts);
            if (observedAt > block.timestamp) revert FutureReport(observedAt, block.timestamp);
            uint256 given = uint192(uint256(report.hash(4, setLength)));
            uint256 expected = _setInForce(observedAt);
            if (given != expected) revert UnknownSigners(given, expected);
        }
    }

    /// @dev Requires exactly q signatures over (observedAt, root), by different signers, in the one form that counts.
    /// They stand between the set of `n` and `parts`.
    function _requireSigned(
        bytes calldata report,
        uint256 observedAt,
        uint256 n,
        uint256 parts,
        bytes32 root
    ) private view {
        bytes32 digest = _digest(observedAt, root);
        unchecked {
            uint256 lowest; // that the next index may be
            for (uint256 offset = 6 + 20 * n; offset != parts; offset += 65) {
                uint256 index = report.load(offset) >> 248;
                uint256 vs = report.load(offset + 33);
                uint256 s = vs & (type(uint256).max >> 1);
                if (index < lowest) _refuse(offset, n);
                if (index >= n) _refuse(offset, n);
                if (s > HALF_ORDER) _refuse(offset, n);
                bytes32 r = bytes32(report.load(offset + 1));
                address recovered = ecrecover(digest, uint8(27 + (vs >> 255)), r, bytes32(s));
                if (recovered != _signer(report, 6, index)) _refuse(offset, n); // no signer is address 0
                lowest = index + 1;
            }
        }
    }

    function _refuse(uint256 offset, uint256 n) private pure {
        revert BadSignature((offset - 6 - 20 * n) / 65);
    }

    function _digest(uint256 observedAt, bytes32 root) private view returns (bytes32 digest) {
        (bytes32 reportType, bytes32 domain) = (REPORT_TYPE, DOMAIN);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, reportType)
            mstore(add(free, 32), observedAt)
            mstore(add(free, 64), root)
            let message := keccak256(free, 96)
            mstore(free, shl(240, 0x1901))
            mstore(add(free, 2), domain)
            mstore(add(free, 34), message)
            digest := keccak256(free, 66)
        }
    }

    function _setInForce(uint256 observedAt) private view returns (uint256) {
        uint256 set = _signers;
        if (observedAt < set >> 224) {
            set = _retired;
            if (observedAt < uint32(set >> 192)) revert NoSetInForce(observedAt);
            if (block.timestamp >= set >> 224) revert NoSetInForce(observedAt);
        }
        return uint192(set);
    }

    function _signer(bytes calldata data, uint256 first, uint256 index) private pure returns (address) {
        unchecked {
            return address(uint160(data.load(first + 20 * index) >> 96));
        }
    }
}
