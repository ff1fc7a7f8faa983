// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import { CashSigning } from "../base/CashSigning.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IERC3009 } from "../../../contracts/interfaces/IERC3009.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { ExactCash } from "../../../contracts/libraries/ExactCash.sol";
import { SignedCash } from "../../../contracts/libraries/SignedCash.sol";
import { NoteId } from "../../../contracts/types/Ids.sol";

/// @dev Money that moves what it likes.
interface IOddMoney {
    function mint(address to, uint256 amount) external;
    function spoil(int256 fromPayer, int256 toReceiver, int256 toPayee, bool denying) external;
}

/// @notice A buyer that allows the desk nothing but what it signs.
contract FundingTest is Suite {
    NoteId private root;
    IFinancingDesk.Quote private bid;

    function setUp() public override {
        super.setUp();
        (, root) = _found();
        bid = _quote(financier, tier1, root);
        vm.prank(financier.cash);
        cny.approve(address(financing), 0);
    }

    function _take(uint96 amount, IFinancingDesk.Funding memory funding) private returns (NoteId) {
        IFinancingDesk.Funding[] memory fundings = new IFinancingDesk.Funding[](1);
        fundings[0] = funding;
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, bid, amount));
        vm.prank(tier1.account);
        NoteId[] memory children = financing.financeFunded(deals, fundings);
        return children.length == 0 ? NoteId.wrap(0) : children[0];
    }

    function _refusedFor(uint96 amount, IFinancingDesk.Funding memory funding, bytes memory reason) private {
        IFinancingDesk.Funding[] memory fundings = new IFinancingDesk.Funding[](1);
        fundings[0] = funding;
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, bid, amount));
        _refused(reason);
        vm.prank(tier1.account);
        financing.financeFunded(deals, fundings);
    }

    function _price(uint96 amount) private view returns (uint256) {
        return financing.price(amount, bid.rateBps, _day(0), _day(TENOR));
    }

    // -- authorizations

    function _terms(uint96 amount) private view returns (CashSigning.Authorization memory) {
        return
            CashSigning.Authorization(
                financier.cash,
                address(financing),
                _price(amount),
                0,
                block.timestamp + 1,
                financing.fundingNonce(bid, amount)
            );
    }

    function _authorization(CashSigning.Authorization memory a) private view returns (IFinancingDesk.Funding memory) {
        bytes memory signature = Signing.sign(financier.cashKey, CashSigning.receiving(address(cny), a));
        return IFinancingDesk.Funding(IFinancingDesk.FundingKind.Authorization, a.value, a.validBefore, signature);
    }

    function _invalid(CashSigning.Authorization memory a) private view returns (bytes memory) {
        bytes32 digest = CashSigning.receiving(address(cny), a);
        return abi.encodeWithSelector(IERC3009.AuthorizationInvalid.selector, financier.cash, digest);
    }

    function test_authorization_paysForOneWholeNote() external {
        uint256 price = _price(FACE);
        NoteId child = _take(FACE, _authorization(_terms(FACE)));
        _eq(notes.note(child).holder, financier.id, "holder");
        _eq(cny.balanceOf(tier1.cash), CASH + price, "seller's cash");
        _eq(cny.balanceOf(financier.cash), CASH - price, "buyer's cash");
        _eq(cny.balanceOf(address(financing)), 0, "nothing stays");
        _eq(cny.allowance(financier.cash, address(financing)), 0, "nothing stands");
    }

    /// @dev I-2: what strayed to the desk is there as before.
    function test_authorization_leavesStrayMoneyAlone() external {
        vm.prank(issuerOfficer);
        cny.mint(address(financing), 5);
        _take(1_000, _authorization(_terms(1_000)));
        _eq(cny.balanceOf(address(financing)), 5, "stray");
    }

    function test_authorization_onceForItsDealAlone() external {
        IFinancingDesk.Funding memory f = _authorization(_terms(1_000));
        _refusedFor(2_000, f, abi.encodeWithSelector(IFinancingDesk.FundingNotExact.selector, f.value, _price(2_000)));
        CashSigning.Authorization memory other = _terms(1_000);
        other.nonce = financing.fundingNonce(bid, 2_000);
        _refusedFor(1_000, _authorization(other), _invalid(_terms(1_000)));
        _take(1_000, f);
        bytes32 nonce = financing.fundingNonce(bid, 1_000);
        _refusedFor(1_000, f, abi.encodeWithSelector(IERC3009.AuthorizationSpent.selector, financier.cash, nonce));
    }

    function test_authorization_toAnotherPayeeDoesNotDo() external {
        CashSigning.Authorization memory a = _terms(1_000);
        a.to = tier1.cash;
        _refusedFor(1_000, _authorization(a), _invalid(_terms(1_000)));
        _eq(cny.balanceOf(tier1.cash), CASH, "nothing moved");
    }

    function test_authorization_cancelled() external {
        bytes32 nonce = financing.fundingNonce(bid, 1_000);
        bytes32 digest = CashSigning.cancelling(address(cny), financier.cash, nonce);
        IERC3009(address(cny)).cancelAuthorization(financier.cash, nonce, Signing.sign(financier.cashKey, digest));
        _refusedFor(
            1_000,
            _authorization(_terms(1_000)),
            abi.encodeWithSelector(IERC3009.AuthorizationSpent.selector, financier.cash, nonce)
        );
    }

    function test_authorization_beforeItsEndAlone() external {
        CashSigning.Authorization memory a = _terms(1_000);
        IFinancingDesk.Funding memory f = _authorization(a);
        for (uint256 late = 0; late < 2; ++late) {
            vm.warp(a.validBefore + late);
            _refusedFor(1_000, f, abi.encodeWithSelector(IERC3009.AuthorizationExpired.selector, a.validBefore));
        }
        vm.warp(a.validBefore - 1);
        _take(1_000, f);
    }

    function test_authorization_ofAWallet() external {
        address wallet = vm.deployCode("ContractWallet.sol:ContractWallet", abi.encode(financier.account));
        uint256 until = block.timestamp;
        bytes32 digest = registry.addAccountDigest(financier.id, wallet, 2, EVIDENCE, until);
        bytes memory word = Signing.sign(financier.key, digest);
        vm.prank(financier.account);
        registry.addAccount(wallet, 2, EVIDENCE, until, word);
        vm.prank(issuerOfficer);
        cny.mint(wallet, FACE);
        bid.payer = wallet;
        CashSigning.Authorization memory a = _terms(1_000);
        a.from = wallet;
        bytes memory one = Signing.sign(financier.key, CashSigning.receiving(address(cny), a));
        IFinancingDesk.Funding memory f = IFinancingDesk.Funding(
            IFinancingDesk.FundingKind.Authorization,
            a.value,
            a.validBefore,
            // a wallet's signature may have any length: here it takes none that is not one of a key's
            bytes.concat(one, hex"00")
        );
        _refusedFor(
            1_000,
            f,
            abi.encodeWithSelector(
                IERC3009.AuthorizationInvalid.selector,
                wallet,
                CashSigning.receiving(address(cny), a)
            )
        );
        f.signature = one;
        _take(1_000, f);
        _eq(cny.balanceOf(wallet), FACE - a.value, "the wallet paid");
    }

    /// @dev Two owners' signatures are longer than a key's: the form that takes bytes.
    function test_authorization_ofAWalletOfTwo() external {
        address[] memory owners = new address[](2);
        (owners[0], owners[1]) = (financier.account, financier.cash);
        address wallet = vm.deployCode("MultisigWallet.sol:MultisigWallet", abi.encode(owners, 2));
        CashSigning.Authorization memory a = _terms(1_000);
        (a.from, a.to) = (wallet, address(this));
        vm.prank(issuerOfficer);
        cny.mint(wallet, a.value);
        bytes32 message = keccak256("WalletMessage(bytes32 hash)");
        bytes32 hash = keccak256(abi.encode(message, CashSigning.receiving(address(cny), a)));
        bytes32 digest = Signing.digest("Multisig wallet", wallet, hash);
        bytes memory first = Signing.sign(financier.key, digest);
        bytes memory second = Signing.sign(financier.cashKey, digest);
        bool inOrder = financier.account < financier.cash;
        bytes memory both = inOrder ? bytes.concat(first, second) : bytes.concat(second, first);
        uint256 before = cny.balanceOf(tier1.cash);
        SignedCash.payAuthorized(address(cny), wallet, tier1.cash, a.value, a.validBefore, a.nonce, both);
        _eq(cny.balanceOf(tier1.cash), before + a.value, "paid");
        _eq(cny.balanceOf(address(this)), 0, "nothing stays");
    }

    function payHere(address token, address payer, address payee) external {
        SignedCash.payAuthorized(token, payer, payee, 1_000, block.timestamp + 1, 0, hex"");
    }

    /// @dev I-17: a token that gives the desk a unit less reverts the deal, whatever strayed to the desk.
    function test_authorization_strayMoneyMakesUpForNothing() external {
        IOddMoney odd = IOddMoney(vm.deployCode("AuthorizingToken.sol:AuthorizingToken", ""));
        odd.mint(financier.cash, 1_000);
        odd.mint(address(this), 5);
        odd.spoil(0, -1, 0, false);
        _refused(abi.encodeWithSelector(ExactCash.CashNotExact.selector, address(odd), address(this), 5, 4));
        this.payHere(address(odd), financier.cash, tier1.cash);
        odd.spoil(0, 0, 0, false);
        this.payHere(address(odd), financier.cash, tier1.cash);
    }

    // -- permits

    function _permit(uint256 value, uint256 deadline) private view returns (IFinancingDesk.Funding memory) {
        bytes32 digest = CashSigning.permit(address(cny), financier.cash, address(financing), value, deadline);
        bytes memory signature = Signing.sign(financier.cashKey, digest);
        return IFinancingDesk.Funding(IFinancingDesk.FundingKind.Permit, value, deadline, signature);
    }

    function _short(uint256 allowed, uint256 price) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(financing),
                allowed,
                price
            );
    }

    function test_permit_isACap() external {
        uint256 price = _price(1_000);
        IFinancingDesk.Funding memory f = _permit(2 * price, block.timestamp);
        _take(1_000, f);
        _eq(cny.allowance(financier.cash, address(financing)), price, "what is left of the cap");
        // It does not count again, and what is left does.
        _take(1_000, f);
        _refusedFor(1_000, f, _short(0, price));
    }

    function test_permit_mayHaveBeenSentBefore() external {
        IFinancingDesk.Funding memory f = _permit(_price(1_000), block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            financier.cashKey,
            CashSigning.permit(address(cny), financier.cash, address(financing), f.value, f.deadline)
        );
        vm.prank(stranger);
        IERC20Permit(address(cny)).permit(financier.cash, address(financing), f.value, f.deadline, v, r, s);
        _take(1_000, f);
    }

    function test_permit_upToItsDeadline() external {
        uint256 price = _price(1_000);
        IFinancingDesk.Funding memory f = _permit(price, block.timestamp + 1);
        vm.warp(f.deadline + 1);
        _refusedFor(1_000, f, _short(0, price));
        vm.warp(f.deadline);
        _take(1_000, f);
    }

    function test_permit_thatIsNoneLeavesTheAllowanceToDecide() external {
        uint256 price = _price(1_000);
        IFinancingDesk.Funding memory f = _permit(price, block.timestamp);
        IFinancingDesk.Funding memory other = _permit(price, block.timestamp);
        other.signature = bytes.concat(f.signature, hex"00");
        _refusedFor(1_000, other, _short(0, price));
        other.signature = f.signature;
        ++other.value;
        _refusedFor(1_000, other, _short(0, price));
        vm.prank(financier.cash);
        cny.approve(address(financing), price);
        _take(1_000, other);
    }

    // -- both

    function test_allowance_isAKindToo() external {
        IFinancingDesk.Funding memory f;
        _refusedFor(1_000, f, _short(0, _price(1_000)));
        vm.prank(financier.cash);
        cny.approve(address(financing), type(uint256).max);
        _take(1_000, f);
    }

    function test_oneFundingForEachDeal() external {
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, bid, 1_000));
        _refused(abi.encodeWithSelector(IFinancingDesk.FundingsUnmatched.selector, 1, 2));
        vm.prank(tier1.account);
        financing.financeFunded(deals, new IFinancingDesk.Funding[](2));
        _refused(_error(IFinancingDesk.NoDeals.selector));
        vm.prank(tier1.account);
        financing.financeFunded(new IFinancingDesk.Deal[](0), new IFinancingDesk.Funding[](0));
    }

    function test_fundingNonce_isTheDocumentedOne() external view {
        bytes32 documented = keccak256(abi.encode(Signing.quote(address(financing), bid), uint96(7)));
        vm.assertEq(financing.fundingNonce(bid, 7), documented, "nonce");
    }
}
