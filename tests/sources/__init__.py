"""Do all sources of messages find the same?"""
