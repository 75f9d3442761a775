"""The AWS floor: boto3 lives here and nowhere above.

``connection`` says where and as whom, ``gateway`` asks, ``failures`` puts what went wrong into words, and ``protocol``
holds the plain types that the floors above may import without importing boto3.
"""
