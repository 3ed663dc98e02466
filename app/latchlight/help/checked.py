"""One article per rule: what is checked, why it matters, and what to do."""

from __future__ import annotations

from latchlight.core.sentences import say
from latchlight.help.article import Article, Chapter, article

_CHECKED = Chapter.CHECKED

CHECKED: tuple[Article, ...] = (
    article(
        "credentials-rejected",
        _CHECKED,
        say("What does “key and secret belong together” mean?"),
        say(
            "The exchange accepted a question that was signed with your secret. That proves that key, "
            "secret and passphrase fit, and nothing else: not that the key is safe."
        ),
        say(
            "If it was refused, the answer of the exchange decides what is said. A clear answer gets one "
            "cause; an unclear one gets all causes that remain, the likeliest first."
        ),
        see=("key-ip-or-permission", "signature-wrong", "unauthorized"),
    ),
    article(
        "clock-off",
        _CHECKED,
        say("Why does the clock matter?"),
        say(
            "Every signed question carries the time, and exchanges refuse those that are too old or from "
            "the future: often a second ahead or five behind is enough. It has nothing to do with the key."
        ),
        say(
            "Let the system set the clock by itself. If it is off by whole hours, the time zone is set "
            "wrongly, not the clock."
        ),
    ),
    article(
        "wrong-environment",
        _CHECKED,
        say("Why does it matter whether a key is for real money or for a test?"),
        say(
            "Exchanges keep real trading, test networks and demo trading apart, each with keys of its "
            "own. A test key at the real exchange is refused, and a green test key says nothing about "
            "your money."
        ),
        say(
            "No new key is needed if the key is simply asked at the wrong place: edit where it belongs, "
            "or let Latchlight ask at the other sites."
        ),
        see=("wrong-host",),
    ),
    article(
        "whitelist-off",
        _CHECKED,
        say("What is a whitelist?"),
        say(
            "A list of addresses from which a key may be used. The exchange refuses the key from "
            "everywhere else. Exchanges call it trusted IPs, IP allowlist, bound IP or IP restriction."
        ),
        say(
            "It is the strongest lock there is: keys leak by logs, backups, screenshots and hacked "
            "services, and a leaked key with a whitelist is useless to the thief."
        ),
        say(
            "If a bot is refused, add its address. Never take the whitelist away to make something "
            "work: some exchanges then also delete the key or end it after a while."
        ),
        see=("home-address", "address-not-whitelisted", "lock-open", "ranges"),
    ),
    article(
        "address-not-whitelisted",
        _CHECKED,
        say("Why must this computer's address be on the list?"),
        say(
            "A bot that runs here can only work if the exchange lets this address in. The proof is a "
            "signed question that was accepted while the whitelist was on."
        ),
        say(
            "It speaks for this computer and this moment. A bot on a server leaves from the server's "
            "address: check there too, with the command line."
        ),
        see=("whitelist-off", "two-families", "ip-not-whitelisted"),
    ),
    article(
        "whitelist-too-wide",
        _CHECKED,
        say("When is a whitelist too wide?"),
        say(
            "When it lets in more addresses than you need: a large range, private addresses that the "
            "exchange never sees, or far more entries than your bot has places to run."
        ),
        say("Keep the addresses that you can name and take out the rest."),
        see=("ranges", "whitelist-stale-entries"),
    ),
    article(
        "whitelist-stale-entries",
        _CHECKED,
        say("Why should I know every address on the list?"),
        say(
            "An old server's address is given to somebody else once you stop paying for it. On your "
            "list it is a door for a stranger."
        ),
        say(
            "Tell Latchlight the addresses that are yours; every other one on the list is named. Take "
            "out what you cannot explain, and look in the exchange's log whether it was used."
        ),
        see=("whitelist-too-wide",),
    ),
    article(
        "lock-open",
        _CHECKED,
        say("What does a lock test prove?"),
        say(
            "It tries the key from a network that is not yours, such as a phone's hotspot. If the exchange "
            "refuses that address by name, and accepts the key before and after at home, the list works."
        ),
        say(
            "A refusal that may have other reasons proves nothing, and is called that. If the key is let "
            "in, the list keeps nobody out: put that right before a bot uses the key."
        ),
        say(
            "One address was tried, at one time. After 30 days, or when key or list changed, it does not "
            "count any more. The test only reads, and the whitelist stays on throughout."
        ),
        see=("whitelist-off", "ip-not-whitelisted"),
    ),
    article(
        "withdraw-on",
        _CHECKED,
        say("Why must withdrawals be off?"),
        say(
            "A bot needs to trade, not to send coins away. With this right a stolen key empties the "
            "account within minutes, and nobody can bring the coins back."
        ),
        say(
            "Some exchanges have no word for it in their answer. Then the light is never green by "
            "itself: look at the key's page and confirm it."
        ),
        see=("transfer-on",),
    ),
    article(
        "transfer-on",
        _CHECKED,
        say("Why are transfers inside the exchange a risk?"),
        say(
            "Money moved to a sub-account, another wallet, a card, a friend's account or into a product "
            "can leave from there by a way that this key does not show. Several exchanges bundle such "
            "rights with trading and do not say so on the box."
        ),
        say(
            "Switch off what the bot does not need; where trading cannot be had without it, a "
            "whitelist is a must."
        ),
        see=("withdraw-on", "whitelist-off"),
    ),
    article(
        "key-management-on",
        _CHECKED,
        say("Why must a key not make other keys?"),
        say(
            "A key that can make or edit keys can make one without a whitelist. Then the lock on this "
            "key is worth nothing."
        ),
        say("No trading bot needs this right. Take it away, or use a key of a sub-account."),
        see=("whitelist-off",),
    ),
    article(
        "unknown-permission-on",
        _CHECKED,
        say("What is an unknown right?"),
        say(
            "The exchange named a right that this version of Latchlight does not know. It may be "
            "harmless or a new way to move money; nobody here can tell, so no light is green over it."
        ),
        say(
            "Read on the key's page what it is, switch it off if you do not need it, and look for a"
            " newer version of Latchlight."
        ),
        see=("tables-old",),
    ),
    article(
        "more-than-purpose",
        _CHECKED,
        say("Why should a key not do more than it needs?"),
        say(
            "A right that nobody uses is a risk for nothing: a thief or a fault in the bot can use it. "
            "What a bot needs follows from the purpose that you gave the key."
        ),
        say(
            "Switch the named rights off. If the bot does need them, change the purpose of the key instead."
        ),
        see=("less-than-purpose",),
    ),
    article(
        "less-than-purpose",
        _CHECKED,
        say("Why does a missing right make an amber light?"),
        say(
            "The key is not unsafe, but the bot will fail on its first order, often at the worst moment. "
            "Some exchanges let a key be read-only as a whole although trading is ticked."
        ),
        say(
            "Switch the named right on, or change the purpose of the key to what it is really for."
        ),
        see=("more-than-purpose", "permission-missing"),
    ),
    article(
        "expires-soon",
        _CHECKED,
        say("Why do keys end?"),
        say(
            "Some keys have an end date that you chose. Others are ended or deleted by the exchange "
            "when they have no whitelist, are not used for a while, or after a change of password."
        ),
        say(
            "Make the new key in time, check it, move the bot, and then delete the old one. A "
            "whitelist often removes the deadline."
        ),
        see=("whitelist-off", "key-old"),
    ),
    article(
        "key-old",
        _CHECKED,
        say("Why is an old key a weakness?"),
        say(
            "Every month more copies of it exist: in backups, logs, on old disks, with services that "
            "you once tried. Nobody notices a copy that waits."
        ),
        say(
            "Replace it now and then: “Replace this key” leads through a new key, its check, the switch of the "
            "bot, and the proof that the old key is dead."
        ),
        see=("expires-soon", "keys-overlap"),
    ),
    article(
        "tables-old",
        _CHECKED,
        say("Why does the age of Latchlight matter?"),
        say(
            "What a right means at an exchange stands in tables that were compared with the exchange's "
            "documents on a certain day. Exchanges change rights and words; old tables do not know them."
        ),
        say(
            "Get a newer version. Latchlight never looks for one by itself, because it contacts "
            "nobody without reason."
        ),
        see=("unknown-permission-on", "contacts"),
    ),
    article(
        "address-unstable",
        _CHECKED,
        say("Why is a changing address a problem?"),
        say(
            "The whitelist holds the address of today. When your line gets another one, the exchange "
            "refuses the bot, with open positions and all."
        ),
        say(
            "Latchlight remembers which public addresses this computer had, so that you see how "
            "often that happens. A fixed way out ends it."
        ),
        see=("home-address",),
    ),
    article(
        "address-uncertain",
        _CHECKED,
        say("Why is my public IP not certain?"),
        say(
            "Several unrelated services are asked which address they see. If they disagree, or only one "
            "answers, a VPN, a proxy, a shared line or two families of addresses are the usual reasons."
        ),
        say(
            "What the exchange itself saw is worth more than any address service: a signed question "
            "that it accepted with its whitelist on settles the matter."
        ),
        see=("two-families", "address-not-whitelisted"),
    ),
    article(
        "key-shared",
        _CHECKED,
        say("Why one key for each bot?"),
        say(
            "With one key for everything you cannot see which program did what, cannot give each only "
            "its rights and addresses, and must stop all of them when one leaks."
        ),
        say("Make a key per bot and per place where it runs. Keys cost nothing."),
        see=("more-than-purpose",),
    ),
    article(
        "keys-overlap",
        _CHECKED,
        say("Why is a key amber while it is being replaced?"),
        say(
            "From the first answer of the new key to the death of the old one both open your account. That is "
            "needed for a moment, so that the bot never stands still, and dangerous when it is forgotten."
        ),
        say(
            "Go on with the change: switch the bot, delete the old key at the exchange, and let Latchlight ask "
            "with it. Dead is proved only when the exchange says that there is no such key, beside the new key "
            "that it accepts at the same moment."
        ),
        say(
            "Binance, HTX and Coinbase document no such answer. There you look at the page yourself, and it is "
            "written down that you did. A refused address, a wrong clock or a dead line never prove anything."
        ),
        see=("key-old", "key-unknown", "key-ip-or-permission"),
    ),
    article(
        "vault-weak",
        _CHECKED,
        say("Why does it matter which keyring I use?"),
        say(
            "The keyring of the system encrypts the secret with something that only your login opens. A "
            "weak one keeps it readable for anybody who gets the disk or the account."
        ),
        say("Use the system's own keyring with a password, or check keys without saving them."),
        see=("secret-kept", "keyring-missing"),
    ),
)
