/** A contract that tests deploy, and the sources it is made of that are mutated with it. */
export interface Unit {
  readonly name: string;
  /** "file:contract" */
  readonly contract: string;
  readonly sources: readonly string[];
}

/**
 * A library or an abstract contract is mutated inside the contract that uses most of it. The tests of a unit are all
 * those that deploy its contract.
 */
export const UNITS: readonly Unit[] = [
  {
    name: "oracle",
    contract: "contracts/Oracle.sol:Oracle",
    sources: [
      "contracts/FeedId.sol",
      "contracts/Words.sol",
      "contracts/Definition.sol",
      "contracts/RecordedLog.sol",
      "contracts/Governed.sol",
      "contracts/ReportReader.sol",
      "contracts/SignedReports.sol",
      "contracts/Oracle.sol",
    ],
  },
  {
    name: "gate",
    contract: "contracts/TwoPersonGate.sol:TwoPersonGate",
    sources: ["contracts/AddressList.sol", "contracts/TwoPersonGate.sol"],
  },
  {
    name: "catalog",
    contract: "contracts/Catalog.sol:Catalog",
    sources: ["contracts/Blob.sol", "contracts/Catalog.sol"],
  },
  {
    name: "options",
    contract: "contracts/options/Options.sol:Options",
    sources: [
      "contracts/options/Payoff.sol",
      "contracts/options/ExpiryFixing.sol",
      "contracts/options/Options.sol",
    ],
  },
  {
    name: "series",
    contract: "contracts/options/OptionSeries.sol:OptionSeries",
    sources: [
      "contracts/options/ExactTransfer.sol",
      "contracts/options/SeriesPayoff.sol",
      "contracts/options/SeriesTokens.sol",
      "contracts/options/OptionSeries.sol",
    ],
  },
];
