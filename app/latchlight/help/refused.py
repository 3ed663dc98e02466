"""One article per diagnosis code: what the answer means, what it does not mean, and what to do."""

from __future__ import annotations

from latchlight.core.sentences import say
from latchlight.help.article import Article, Chapter, article

_REFUSED = Chapter.REFUSED

REFUSED: tuple[Article, ...] = (
    article(
        "ip-not-whitelisted",
        _REFUSED,
        say("The exchange refused this address. Is that bad?"),
        say(
            "It is the lock doing its work: the key is known, a whitelist is on, and this address is not "
            "on it. Nothing can be said about the rights of the key from here."
        ),
        say(
            "If the bot is to run here, add the address that the exchange saw. If it runs elsewhere, "
            "check there. Do not take the whitelist away."
        ),
        see=("whitelist-off", "two-families"),
    ),
    article(
        "key-ip-or-permission",
        _REFUSED,
        say("One answer for three causes: key, address or right?"),
        say(
            "Binance answers -2015 when the key is not known, when the address is not on the list, and "
            "when a right is missing. Pages that name one cause for it are guessing."
        ),
        say(
            "Latchlight asks a second harmless question whose answer differs, says what it is not, and "
            "lists what remains with the likeliest first. Go through the list in that order."
        ),
        see=("ip-not-whitelisted", "key-unknown", "wrong-explanations"),
    ),
    article(
        "key-unknown",
        _REFUSED,
        say("The exchange does not know this key. What now?"),
        say(
            "It was deleted, has ended, was not copied whole, or belongs to another site of the "
            "exchange: another country, the test network, demo trading."
        ),
        say(
            "Compare the last four characters with the key's page. Before you make a new one, let "
            "Latchlight ask at the other sites: people have made key after key for nothing."
        ),
        see=("wrong-environment", "wrong-host"),
    ),
    article(
        "key-malformed",
        _REFUSED,
        say("The exchange cannot read this key. Why?"),
        say(
            "It does not have the form of this exchange's keys: a part is missing, something stands "
            "around it, key and secret are exchanged, or it is the key of another exchange."
        ),
        say(
            "Copy it again from the exchange's page, with the copy button, and with the browser's "
            "translator off."
        ),
    ),
    article(
        "signature-wrong",
        _REFUSED,
        say("The signature does not fit. What does that mean?"),
        say(
            "What was signed does not match what the exchange expects: the secret is another one, was "
            "not copied whole, or is of another kind than the key (HMAC, RSA, Ed25519)."
        ),
        say(
            "A secret is shown only once, when a key is made. If you no longer have it, make a new "
            "key and delete this one."
        ),
        see=("passphrase-wrong",),
    ),
    article(
        "passphrase-wrong",
        _REFUSED,
        say("Which passphrase is meant?"),
        say(
            "The one that you made up when you made this key: not your login password, not the trading "
            "or fund password. It cannot be looked up; if it is lost, make a new key."
        ),
        say(
            "If it holds a $, a shell may have changed it where your bot reads it: put it in single"
            " quotes there."
        ),
        see=("signature-wrong",),
    ),
    article(
        "permission-missing",
        _REFUSED,
        say("The exchange says that a right is missing. Which one?"),
        say(
            "Key and signature were accepted, but the key may not ask about itself. Reading is needed "
            "for that, and on some exchanges the right for one product."
        ),
        say(
            "Switch reading on. What else the key may do is not known until then, so nothing is green."
        ),
        see=("less-than-purpose",),
    ),
    article(
        "key-expired",
        _REFUSED,
        say("The key has ended. Can it be brought back?"),
        say(
            "As a rule not; make a new one. Where keys end because they have no "
            "whitelist, a whitelist on the new one prevents the next end."
        ),
        see=("expires-soon",),
    ),
    article(
        "key-frozen",
        _REFUSED,
        say("The key is frozen. Why?"),
        say(
            "The exchange locked it: after something it found suspicious, after a change of your "
            "account's security, or by support. Only the exchange can say why."
        ),
        say(
            "Log in on its own page, not by a link in a mail, and read what it says there. If you "
            "did not expect this, change your password and look at the log of your account."
        ),
        see=("account-restricted",),
    ),
    article(
        "account-restricted",
        _REFUSED,
        say("The account is restricted. Is the key at fault?"),
        say(
            "No. The exchange limits the account as a whole: identity not confirmed, new terms not "
            "accepted, a lock after a change of password, or a decision of its own."
        ),
        say("Log in and read what is asked of you. A new key changes nothing."),
    ),
    article(
        "wrong-host",
        _REFUSED,
        say("What is a wrong site?"),
        say(
            "Several exchanges have sister companies with sites of their own: for Europe, the United "
            "States, Turkey and others. A key is known at one of them only."
        ),
        say(
            "Choose the site where you log in. Latchlight can ask at the others after you agree; "
            "the secret is never sent to any of them."
        ),
        see=("wrong-environment", "key-unknown"),
    ),
    article(
        "unauthorized",
        _REFUSED,
        say("The exchange said only “Unauthorized”. What is it?"),
        say(
            "It gave no reason. It can be the address, the key, the secret, the clock, or a key made "
            "only a moment ago; some good keys are refused at random. One such answer proves nothing."
        ),
        say(
            "Look first whether this computer's address is on the list. Make a new key only as the "
            "last step: if the address is the cause, the new key meets the same wall."
        ),
        see=("ip-not-whitelisted", "wrong-explanations"),
    ),
    article(
        "rate-limited",
        _REFUSED,
        say("Too many questions: what now?"),
        say(
            "The exchange counts questions per address or per account, those of your bots included. "
            "Nothing is wrong with the key, and the whitelist has nothing to do with it."
        ),
        say("Wait until the time that is shown. Asking again earlier can make the pause longer."),
        see=("address-banned",),
    ),
    article(
        "address-banned",
        _REFUSED,
        say("This address is shut out for a while. Why?"),
        say(
            "Too many questions came from it after a warning, perhaps from another program on the same "
            "line. The message has the word IP in it and is often taken for a whitelist matter: it is not."
        ),
        say("Stop what asks too often and wait. Do not change your list."),
        see=("rate-limited", "wrong-explanations"),
    ),
    article(
        "region-blocked",
        _REFUSED,
        say("This country is not served. What does that say about the key?"),
        say(
            "Nothing. The exchange does not answer addresses of this country, or of the VPN's exit. Even "
            "questions without a key are refused."
        ),
        say(
            "Check from the place where the bot runs. Getting around the block can cost you the account."
        ),
    ),
    article(
        "firewall-blocked",
        _REFUSED,
        say("A protection page answered. What is that?"),
        say(
            "Not the exchange itself but a guard in front of it refused the connection: because of many "
            "questions, a VPN's bad name, or the country. Nothing is known about the key."
        ),
        say("Wait some minutes, try without the VPN, and check again."),
        see=("region-blocked", "rate-limited"),
    ),
    article(
        "maintenance",
        _REFUSED,
        say("The exchange is being serviced. What can I do?"),
        say(
            "Wait, and check again later. Nothing is known about the key until then, so its light stays "
            "grey. Do not change anything on the key because of this."
        ),
    ),
    article(
        "exchange-fault",
        _REFUSED,
        say("The exchange reported a fault of its own. Is my key affected?"),
        say(
            "Nothing is known about the key. Such faults pass by themselves; check again in a few "
            "minutes, and look at the exchange's status page if it stays."
        ),
    ),
    article(
        "offline",
        _REFUSED,
        say("No way to the exchange: what is missing?"),
        say(
            "This computer found no way out: no network, a cable, a VPN that is down, or a firewall that "
            "does not let Latchlight out. The key was not asked about."
        ),
        say("Open any web page. If that works, allow Latchlight in the firewall."),
        see=("name-not-found", "timeout"),
    ),
    article(
        "name-not-found",
        _REFUSED,
        say("The exchange's name was not found. Why?"),
        say(
            "The name service (DNS) of your network did not know the exchange: no internet, a filter of "
            "the provider or the office, or a broken setting. The key was not asked about."
        ),
        say("Try another network, for example the phone's, or another name service."),
        see=("offline",),
    ),
    article(
        "timeout",
        _REFUSED,
        say("No answer in time. What does that mean?"),
        say(
            "The line or the exchange was too slow, and Latchlight stops waiting so that you are not "
            "left without an answer. Nothing is known about the key. Check again."
        ),
        see=("offline",),
    ),
    article(
        "tls-untrusted",
        _REFUSED,
        say("The connection was not trusted. Is somebody listening?"),
        say(
            "Whoever answered could not prove to be the exchange. An antivirus program or an office "
            "network that looks into connections, a hotel's login page, or an attack does that. Nothing "
            "was sent but the beginning of a connection."
        ),
        say(
            "Do not switch the check off anywhere. Use another network, or an exception for this "
            "program in the antivirus."
        ),
        see=("redirected",),
    ),
    article(
        "redirected",
        _REFUSED,
        say("The answer sent us elsewhere. Why is that not followed?"),
        say(
            "A signed question must reach the exchange and nobody else. Whoever sends it on, a hotel's "
            "login page for example, could read it; so no such answer is ever followed."
        ),
        say("Log in to the network first, or use another one, and check again."),
        see=("tls-untrusted",),
    ),
    article(
        "unreadable-answer",
        _REFUSED,
        say("The answer could not be read. Why no green then?"),
        say(
            "It was not what the exchange documents: cut off, of another form, or from somebody else. "
            "What is not understood is never taken for good news."
        ),
        say(
            "Check again. If it stays, the exchange changed its answers: look for a newer version "
            "of Latchlight."
        ),
        see=("tables-old",),
    ),
    article(
        "keyring-missing",
        _REFUSED,
        say("No keyring was found. Where do my keys go?"),
        say(
            "Nowhere: without a keyring of the system Latchlight saves no secret, because every other "
            "place would be readable. You can still check keys without saving them."
        ),
        say(
            "On Linux install GNOME Keyring or KWallet. On a server without one, the command line "
            "reads keys from files that you protect."
        ),
        see=("secret-kept", "vault-weak"),
    ),
    article(
        "keyring-locked",
        _REFUSED,
        say("The keyring is locked. What is that?"),
        say(
            "It is closed until you open it with its password, usually that of your login. The key was "
            "not asked about."
        ),
        say("Open it when the system asks, or log in again, and check once more."),
        see=("keyring-denied",),
    ),
    article(
        "keyring-denied",
        _REFUSED,
        say("The keyring refused. Why?"),
        say(
            "The system asked whether Latchlight may read the secret, and the answer was no, or nobody "
            "answered. The key was not asked about."
        ),
        say(
            "Check again and allow it. If no question appears, look in the settings of the keyring."
        ),
        see=("keyring-locked",),
    ),
    article(
        "keyring-mismatch",
        _REFUSED,
        say("The keyring holds something else. What happened?"),
        say(
            "What is stored under the name of this key is not what Latchlight saved: it was changed, or "
            "only a part of it is there. It is not used, since nobody knows whose it is."
        ),
        say(
            "Remove the key in Latchlight and add it again. If you did not change it, ask yourself "
            "which program did."
        ),
        see=("secret-kept",),
    ),
)
