// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice One side of a series as a token of its own: what OptionSeries is not made of, for measuring.
contract ClonedSide is ERC20("", "") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Makes both sides of a series and mints them.
contract ClonedSides {
    address public immutable SIDE = address(new ClonedSide());
    ClonedSide public long;
    ClonedSide public short;

    function make(bytes32 series, uint256 amount) external {
        long = ClonedSide(Clones.cloneDeterministic(SIDE, series));
        short = ClonedSide(Clones.cloneDeterministic(SIDE, keccak256(abi.encode(series))));
        mint(amount);
    }

    function mint(uint256 amount) public {
        long.mint(msg.sender, amount);
        short.mint(msg.sender, amount);
    }
}
