// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title SampleMoney: an ERC-20 that anyone mints, for rehearsals and tests
contract SampleMoney is ERC20 {
    uint8 private immutable DECIMALS;

    constructor(string memory symbol, uint8 decimals_) ERC20(symbol, symbol) {
        DECIMALS = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
