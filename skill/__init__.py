"""An offline voice coach that leads a person through a back-stretch routine."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())  # the application decides what is shown
