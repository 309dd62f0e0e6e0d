import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The two-person gate, first: the oracle takes it in its constructor, so that no deployer ever holds a right. */
export default buildModule("Gate", (m) => ({
  contract: m.contract("TwoPersonGate", [m.getParameter("members"), m.getParameter("guardians")]),
}));
