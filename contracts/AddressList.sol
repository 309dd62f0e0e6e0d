// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title AddressList: a few different addresses
/// @dev Searched from end to end: for lists of people, not for long ones.
library AddressList {
    /// @return added False where it is there already.
    function add(address[] storage list, address account) internal returns (bool added) {
        if (contains(list, account)) return false;
        list.push(account);
        return true;
    }

    /// @dev The last address takes the place of the removed one.
    /// @return removed False where it is not there.
    function remove(address[] storage list, address account) internal returns (bool removed) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] != account) continue;
            list[i] = list[list.length - 1];
            list.pop();
            return true;
        }
    }

    function contains(address[] storage list, address account) internal view returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == account) return true;
        }
        return false;
    }
}
