"""`python -m evproto.charger`."""

import sys

from evproto.charger.cli import main

sys.exit(main())
