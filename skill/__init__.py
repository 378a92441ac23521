"""An offline voice coach that leads a person through a back-stretch routine."""
