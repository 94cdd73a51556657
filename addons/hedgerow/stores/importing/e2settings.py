"""Settings of e2guardian that decide about no page: what the report says of each."""

from __future__ import annotations

RUN = "how e2guardian itself runs; Hedgerow needs no such setting"
_PAGES = "e2guardian's own pages; ours stand in policies/messages, and a school's own sentences in local/messages"
_LOGS = "e2guardian's own log; see 'privacy' in site.yaml"
_USERS = "people by name: Hedgerow knows a device by its address (networks in site.yaml)"
_BYPASS = "a way past a block; here a warning can be continued, and teachers give passes (deploy/PASSES.md)"
_SCAN = "virus scanners are not called by Hedgerow"
_CA = "another certificate authority; Hedgerow makes the school's own (hedgerow ca)"
_MAIL = "mail to an administrator; see 'reports' and 'mail' in site.yaml"
_REWRITE = "Hedgerow does not rewrite addresses, headers or pages"
_SEEN = "how text is made ready for phrases; Hedgerow reads every page folded and decoded"

_REASONS: dict[str, str] = {
    _PAGES: "languagedir accessdeniedaddress htmltemplate nonstandarddelimiter usecustombannedimage "
    "custombannedimagefile "
    "usecustombannedflash custombannedflashfile ispage sslaccessdeniedaddress reportinglevel categorydisplaythreshold "
    "showweightedfound neterrtemplate",
    _LOGS: "loglevel logexceptionhits logfileformat loglocation statlocation loguseragent logadblocks nologger "
    "logclienthostnames logsyslog logid logtimestamp anonymizelogs maxlogitemlength namesuffix prodid "
    "logchildprocesshandling",
    _USERS: "filtergroupslist authplugin maplogintogroups mapauthtoports mapportstoips authrequiresuserandgroup",
    _BYPASS: "bypass bypasskey infectionbypass infectionbypasskey infectionbypasserrorsonly bypassversion",
    _SCAN: "contentscanner contentscannertimeout disablecontentscan disablecontentscanerror contentscanexceptions "
    "scancleancache",
    _CA: "cacertificatepath caprivatekeypath certprivatekeypath generatedcertpath generatedcertstart generatedcertend "
    "sslcertificatepath mitmcheckcert useopensslconf opensslconffile setcipherlist",
    _MAIL: "usesmtp mailfrom avadmin contentadmin avsubject contentsubject notifyav notifycontent thresholdbyuser "
    "violations threshold mailer",
    _REWRITE: "contentregexplist urlregexplist headerregexplist forwardedfor recheckreplacedurls urlredirectregexplist "
    "addheaderregexplist sslsiteregexplist",
    _SEEN: "preservecase hexdecodecontent forcequicksearch phrasefiltermode textmimetypes deepurlanalysis "
    "embeddedurlweight",
}
REASONS = {key: reason for reason, keys in _REASONS.items() for key in keys.split()}

_CAPTURE = "which sites are decrypted: here it is 'capture' of a network, and blocklists/local/no-decrypt.yaml"
_ONLY = "files that open while all others are closed: here files are closed by kind (files: in a band)"

LISTS_LEFT = {
    "refererexception": "who linked here: a browser can be made to say anything, so no verdict looks at it",
    "embededreferer": "who linked here: a browser can be made to say anything, so no verdict looks at it",
    "banneduseragent": "the browser's own name for itself: it can say anything, so no verdict looks at it",
    "exceptionuseragent": "the browser's own name for itself: it can say anything, so no verdict looks at it",
    "bannedheader": "Hedgerow does not judge by request headers",
    "exceptionheader": "Hedgerow does not judge by request headers",
    "greyssl": _CAPTURE,
    "localgreyssl": _CAPTURE,
    "nocheckcert": "a site's certificate is always checked",
    "bannedbypass": _BYPASS,
    "exceptionvirus": _SCAN,
    "log": "lists that were only counted; every listed category is counted here",
    "exceptionextension": _ONLY,
    "exceptionmime": _ONLY,
    "searchterms": "how a search is recognised: Hedgerow knows the engines itself",
    "override": "searches that are let through whatever else they say: no such rule here",
    "change": _REWRITE,
    "sslreplace": _REWRITE,
    "redirect": _REWRITE,
    "headermods": _REWRITE,
    "addheader": _REWRITE,
    "bannedclient": "devices without any internet: give them no way out in the firewall",
    "exceptionclient": "devices without any filter: put them into a network of their own with the band they need",
}
"""Lists by their ``name=`` that are not read for names. Their lines are told one by one."""

OLD_LISTS = {
    "bannedsitelist": ("sitelist", "banned"), "bannedsiteiplist": ("ipsitelist", "banned"),
    "bannedurllist": ("urllist", "banned"), "bannedregexpurllist": ("regexpboollist", "banned"),
    "greysitelist": ("sitelist", "grey"), "greysiteiplist": ("ipsitelist", "grey"), "greyurllist": ("urllist", "grey"),
    "exceptionsitelist": ("sitelist", "exception"), "exceptionsiteiplist": ("ipsitelist", "exception"),
    "exceptionurllist": ("urllist", "exception"), "exceptionregexpurllist": ("regexpboollist", "exception"),
    "localbannedsitelist": ("sitelist", "localbanned"), "localbannedurllist": ("urllist", "localbanned"),
    "localgreysitelist": ("sitelist", "localgrey"), "localgreyurllist": ("urllist", "localgrey"),
    "localexceptionsitelist": ("sitelist", "localexception"), "localexceptionurllist": ("urllist", "localexception"),
    "localbannedsiteiplist": ("ipsitelist", "localbanned"), "localgreysiteiplist": ("ipsitelist", "localgrey"),
    "localexceptionsiteiplist": ("ipsitelist", "localexception"),
    "bannedsslsitelist": ("sitelist", "bannedssl"), "bannedsslsiteiplist": ("ipsitelist", "bannedssl"),
    "greysslsitelist": ("sitelist", "greyssl"), "greysslsiteiplist": ("ipsitelist", "greyssl"),
    "refererexceptionsitelist": ("sitelist", "refererexception"),
    "refererexceptionurllist": ("urllist", "refererexception"),
    "bannedextensionlist": ("fileextlist", "bannedextension"), "bannedmimetypelist": ("mimelist", "bannedmime"),
    "exceptionextensionlist": ("fileextlist", "exceptionextension"),
    "exceptionmimetypelist": ("mimelist", "exceptionmime"),
    "exceptionfilesitelist": ("sitelist", "exceptionfile"), "exceptionfileurllist": ("urllist", "exceptionfile"),
    "bannedsearchlist": ("searchlist", "banned"), "localbannedsearchlist": ("searchlist", "localbanned"),
    "bannediplist": ("iplist", "bannedclient"), "exceptioniplist": ("iplist", "exceptionclient"),
}  # fmt: skip
"""How e2guardian 3 and 4 (and DansGuardian) named the lists that 5 names with ``name=``."""
