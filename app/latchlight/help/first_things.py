"""What somebody wants to know who never saw an API key."""

from __future__ import annotations

from latchlight.core.sentences import say
from latchlight.help.article import Article, Chapter, article

_FIRST = Chapter.FIRST

FIRST_THINGS: tuple[Article, ...] = (
    article(
        "api-key",
        _FIRST,
        say("What is an API key?"),
        say(
            "A name and a secret with which a program acts in your account, without your password and "
            "without your second factor. Whoever has both can do what the key may do."
        ),
        say(
            "That is why three questions matter: what may it do, from where may it be used, and who has "
            "a copy of it. Latchlight asks the exchange the first two."
        ),
        see=("whitelist-off", "withdraw-on", "secret-kept"),
    ),
    article(
        "lights",
        _FIRST,
        say("What do the four lights mean?"),
        say(
            "Safe is shown only when every needed fact was read from the exchange in this check. Look is "
            "a known weakness, or something that only you can confirm. Danger is proved unsafe."
        ),
        say(
            "Not checked means that it could not be found out. It is not a good sign and not a bad one: "
            "it comes with a reason and a next step. A light goes grey by itself after a while, after "
            "sleep, and when the network changes, because nobody can know that it still holds."
        ),
        see=("how-known", "accept"),
    ),
    article(
        "how-known",
        _FIRST,
        say("How sure is a finding?"),
        say(
            "Each one says how it is known: reported by the exchange, measured on this computer, compared "
            "with what you told, or concluded. The exchange's own words and their time are one click away."
        ),
        say(
            "Reported means that the exchange said so. Exchanges have been wrong before, and a key can be "
            "changed a minute later on its page: check again before a bot starts."
        ),
        see=("lights",),
    ),
    article(
        "home-address",
        _FIRST,
        say("Why not my home address?"),
        say(
            "Most home lines get another public address now and then: after a restart of the router, or "
            "every night. Then the exchange refuses your bot, in the middle of a trade."
        ),
        say(
            "Some providers also let many homes share one address. Then your neighbours are on your list too."
        ),
        say(
            "Better: a small server with a fixed address, a fixed address from your provider, or a VPN "
            "with an exit that is yours alone. Never take the list away because an address changes."
        ),
        see=("address-unstable", "whitelist-off"),
    ),
    article(
        "ranges",
        _FIRST,
        say("What is an address range (CIDR)?"),
        say(
            "203.0.113.0/24 stands for 256 neighbouring addresses; the smaller the number after the "
            "slash, the more. Some exchanges accept ranges, some refuse them, and some do not say."
        ),
        say(
            "The page of each exchange shows what it accepts. Single addresses are always the safest: "
            "every address in a range is a door, also those of strangers."
        ),
        see=("whitelist-too-wide",),
    ),
    article(
        "two-families",
        _FIRST,
        say("What are IPv4 and IPv6?"),
        say(
            "Two kinds of addresses: 203.0.113.7 is IPv4, 2001:db8::7 is IPv6. A computer can have both "
            "and choose between them by itself. If only one is on the list and the bot leaves by the "
            "other, the exchange refuses it."
        ),
        say(
            "Latchlight shows both separately, and what the exchange saw where it says so. List both if "
            "the exchange takes both; else make the bot use IPv4."
        ),
        see=("address-not-whitelisted", "address-uncertain"),
    ),
    article(
        "secret-kept",
        _FIRST,
        say("Where is my secret kept?"),
        say(
            "In the keyring of your operating system and nowhere else. It is not written to a file, not "
            "shown again, not in a report, and it never leaves this computer: only signatures made with "
            "it are sent to the exchange."
        ),
        say(
            "Programs that run as you on this computer can read what you can read. No key checker "
            "changes that; a whitelist does, because a copied key is then useless elsewhere."
        ),
        see=("vault-weak", "keyring-missing"),
    ),
    article(
        "accept",
        _FIRST,
        say("What does it mean to accept a finding?"),
        say(
            "You know of it and go on, for a reason and until a day that you choose. The light stays "
            "amber, the reason stays visible, and it comes back by itself on that day or as soon as the "
            "finding is another one."
        ),
        say("Only amber findings can be accepted. Danger cannot."),
        see=("lights",),
    ),
    article(
        "second-factor",
        _FIRST,
        say("Why does the exchange ask for a code when I change a key?"),
        say(
            "Changing a key is what a thief would do first, so the exchange wants your second factor: "
            "an authenticator, a passkey, a code by mail. Enter it on the exchange's own page only."
        ),
        say(
            "Latchlight never asks for such a code, nor for your password, nor for the secret of your "
            "account's recovery. Whoever does, is not us."
        ),
    ),
)
