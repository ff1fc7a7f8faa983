// One contract a deployed address; where they are, and their ABIs, bench/ponder.py says.
import { readFileSync } from "node:fs";
import { createConfig } from "ponder";

const { chainId, rpc, contracts } = JSON.parse(readFileSync("deployed.json", "utf8"));

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL },
  chains: { anvil: { id: chainId, rpc } },
  contracts: Object.fromEntries(
    Object.entries(contracts).map(([name, { address, abi }]) => [name, { chain: "anvil", address, abi, startBlock: 0 }]),
  ),
});
